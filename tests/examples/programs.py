"""The published programs: what is typed to each, what its models say, and what must come of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.fakes.delivery import Answer
from tests.fakes.http1 import ReceivedRequest
from tests.fakes.responses_server import Script
from tui.rehearsal.script import call, reply, say

CONTEXTS = Path(__file__).with_name("contexts.py")


@dataclass(frozen=True, slots=True)
class Program:
    """A published program.

    Attributes:
        target: Where its agent is, as typed in the folder that holds `examples`.
        talk: The messages that its `main()` sends, then others, each with the agent's last words.
        script: What its models say.
        context: What gives its context.
        outputs: What each tool's first call must come to, in part.
        approved: The calls a person is asked for, in order; all are approved.
        path: The agents of the last run.
        status: How the last run ends.
    """

    target: str
    talk: tuple[tuple[str, str], ...]
    script: Script
    context: str = ""
    outputs: Mapping[str, str] = field(default_factory=dict)
    approved: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    status: str = "completed"

    @property
    def name(self) -> str:
        """Its file without `examples`, and its agent."""
        return self.target.removeprefix("examples/")


def translations(request: ReceivedRequest) -> Answer:
    """Answer the orchestrator and the translators, who are asked at the same time."""
    if "Spanish" in str(request.body["instructions"]):
        return reply(say("¡Hola, mundo!"))
    if "French" in str(request.body["instructions"]):
        return reply(say("Bonjour, le monde !"))
    if request.body["input"][-1].get("type") == "function_call_output":
        return reply(say("Bonjour, le monde ! ¡Hola, mundo!"))
    return reply(
        call("translate_to_french", "c1", input="Hello, world!"),
        call("translate_to_spanish", "c2", input="Hello, world!"),
    )


def greetings(request: ReceivedRequest) -> Answer:
    """Answer the orchestrator, and the agents that speak Spanish and French."""
    instructions, last = str(request.body["instructions"]), request.body["input"][-1]
    is_answered = last.get("type") == "function_call_output"
    if "Respond in Spanish" in instructions:
        return (
            reply(say("Kaz: buenos días.")) if is_answered else reply(call("get_user_name", "n1"))
        )
    if "respond in French" in instructions:
        return reply(say("On dit bonjour."))
    if is_answered:
        return reply(say("Buenos días, and bonjour."))
    return reply(
        call("respond_spanish", "c1", input="How do you say good morning?"),
        call("respond_french", "c2", input="How do you say good morning?"),
    )


PROGRAMS = (
    Program(
        "examples/customer_service/main.py:triage_agent",
        context="examples/customer_service/main.py:AirlineAgentContext",
        talk=(
            ("What are your store hours?", "We are online day and night."),
            ("Is there wifi on the plane?", "Yes: join Airline-Wifi."),
            ("Put me on seat 12A, please. My number is ABC123.", "You sit on 12A now."),
        ),
        script=(
            reply(say("We are online day and night.")),
            reply(call("transfer_to_faq_agent", "h1")),
            reply(call("faq_lookup_tool", "c1", question="Is there wifi?")),
            reply(say("Yes: join Airline-Wifi.")),
            reply(call("transfer_to_triage_agent", "h2")),
            reply(call("transfer_to_seat_booking_agent", "h3")),
            reply(call("update_seat", "c2", confirmation_number="ABC123", new_seat="12A")),
            reply(say("You sit on 12A now.")),
        ),
        outputs={
            "faq_lookup_tool": "join Airline-Wifi",
            "update_seat": "Updated seat to 12A for confirmation number ABC123",
        },
        path=("FAQ Agent", "Triage Agent", "Seat Booking Agent"),
    ),
    Program(
        "examples/agent_patterns/routing.py:triage_agent",
        talk=(
            ("Hello, how do I say good evening in French?", "On dit « bonsoir »."),
            ("Thanks!", "De rien !"),
        ),
        script=(
            reply(call("transfer_to_french_agent", "h1")),
            reply(say("On dit « bonsoir ».")),
            reply(say("De rien !")),
        ),
        path=("french_agent",),
    ),
    Program(
        "examples/agent_patterns/agents_as_tools.py:orchestrator_agent",
        talk=(
            (
                "Translate 'Hello, world!' to French and Spanish.",
                "Bonjour, le monde ! ¡Hola, mundo!",
            ),
        ),
        script=translations,
        outputs={
            "translate_to_french": "Bonjour, le monde !",
            "translate_to_spanish": "¡Hola, mundo!",
        },
        path=("orchestrator_agent",),
    ),
    Program(
        "examples/agent_patterns/agents_as_tools_conditional.py:orchestrator",
        context=f"{CONTEXTS}:french_and_spanish",
        talk=(
            (
                "Answer in Spanish and French: How do you say good morning?",
                "Buenos días, and bonjour.",
            ),
        ),
        script=greetings,
        outputs={
            "respond_spanish": "Kaz: buenos días.",
            "respond_french": "On dit bonjour.",
            "get_user_name": "Kaz",
        },
        approved=("respond_spanish", "get_user_name"),
        path=("orchestrator",),
    ),
    Program(
        "examples/agent_patterns/human_in_the_loop.py:agent",
        talk=(("What is the weather and temperature in Oakland?", "Sunny, and 20 °C."),),
        script=(
            reply(
                call("get_weather", "c1", city="Oakland"),
                call("get_temperature", "c2", city="Oakland"),
            ),
            reply(say("Sunny, and 20 °C.")),
        ),
        outputs={
            "get_weather": "The weather in Oakland is sunny",
            "get_temperature": "The temperature in Oakland is 20° Celsius",
        },
        approved=("get_temperature",),
        path=("Weather Assistant",),
    ),
    Program(
        "examples/agent_patterns/output_guardrails.py:agent",
        talk=(
            (
                "What's the capital of California?",
                '{"reasoning": "I know it.", "response": "Sacramento", "user_name": null}',
            ),
            (
                "My phone number is 650-123-4567. Where do you think I live?",
                '{"reasoning": "By 650.", "response": "California", "user_name": null}',
            ),
        ),
        script=(
            reply(say('{"reasoning": "I know it.", "response": "Sacramento", "user_name": null}')),
            reply(say('{"reasoning": "By 650.", "response": "California", "user_name": null}')),
        ),
        path=("Assistant",),
        status="failed",
    ),
    Program(
        "examples/handoffs/message_filter_streaming.py:first_agent",
        talk=(
            ("Hi, my name is Sora.", "Hi, Sora."),
            ("Can you generate a random number between 0 and 100?", "37 it is."),
            (
                "I live in New York City. What's the population of the city?",
                "About 8.5 million.",
            ),
            (
                "Por favor habla en español. ¿Cuál es mi nombre y dónde vivo?",
                "Te llamas Sora y vives en Nueva York.",
            ),
        ),
        script=(
            reply(say("Hi, Sora.")),
            reply(call("random_number_tool", "c1", max=100)),
            reply(say("37 it is.")),
            reply(say("About 8.5 million.")),
            reply(say("Te llamas Sora y vives en Nueva York.")),
        ),
        outputs={"random_number_tool": ""},
        path=("Assistant",),
    ),
    Program(
        "examples/handoffs/message_filter_streaming.py:second_agent",
        talk=(
            (
                "I live in New York City. What's the population of the city?",
                "About 8.5 million.",
            ),
            (
                "Por favor habla en español. ¿Cuál es mi nombre y dónde vivo?",
                "Vives en Nueva York.",
            ),
        ),
        script=(
            reply(say("About 8.5 million.")),
            reply(call("transfer_to_spanish_assistant", "h1")),
            reply(say("Vives en Nueva York.")),
        ),
        path=("Assistant", "Spanish Assistant"),
    ),
    Program(
        "examples/basic/tools.py:agent",
        talk=(("What's the weather in Tokyo?", "The weather in Tokyo is sunny."),),
        script=(
            reply(call("get_weather", "c1", city="Tokyo")),
            reply(say("The weather in Tokyo is sunny.")),
        ),
        outputs={"get_weather": "Sunny with wind."},
        path=("Hello world",),
    ),
    Program(
        "examples/basic/lifecycle_example.py:start_agent",
        talk=(("Generate a random number between 0 and 50.", '{"number": 42}'),),
        script=(
            reply(call("random_number", "c1", max=50)),
            reply(call("transfer_to_multiply_agent", "h1")),
            reply(call("multiply_by_two", "c2", x=21)),
            reply(say('{"number": 42}')),
        ),
        outputs={"random_number": "", "multiply_by_two": "42"},
        path=("Start Agent", "Multiply Agent"),
    ),
)
