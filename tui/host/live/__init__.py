"""One run of a runtime, ours or the SDK's, as one stream of wire events. No disk, no screen."""
