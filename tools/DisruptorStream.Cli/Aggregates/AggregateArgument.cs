namespace DisruptorStream.Cli.Aggregates;

/// <summary>An argument of an aggregate: its text, its name where it has one, and where it stands.</summary>
internal sealed record AggregateArgument(string? Name, string Text, int Position);
