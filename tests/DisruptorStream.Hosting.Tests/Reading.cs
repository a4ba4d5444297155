namespace DisruptorStream.Hosting.Tests;

/// <summary>An event of the tests; its time is in ticks since the Unix epoch.</summary>
internal readonly record struct Reading(string Key, long Ticks, double Value);
