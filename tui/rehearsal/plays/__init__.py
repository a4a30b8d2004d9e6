"""What the demo desk's agents say, one module an agent."""
