namespace DisruptorStream.Cli.Aggregates;

/// <summary>An argument of an aggregate: its text, its name where it has one, and where it stands.</summary>
/// <param name="Name">The name before the equals sign; null where there is none.</param>
/// <param name="Text">What it says.</param>
/// <param name="Position">Where it begins in the list, counted from 1.</param>
/// <param name="Length">How many characters it has there, with its name or its quotes.</param>
internal sealed record AggregateArgument(string? Name, string Text, int Position, int Length);
