namespace DisruptorStream.Cli.Tests.RealData;

/// <summary>An event of a data set.</summary>
internal sealed record NaiveRow(string Key, long Ticks, double? Value);
