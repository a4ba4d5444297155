namespace DisruptorStream.Cli.Jobs;

/// <summary>One input: a source of its own.</summary>
internal sealed record JobInput(string Name, Stream Stream);
