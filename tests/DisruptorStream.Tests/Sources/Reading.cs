namespace DisruptorStream.Tests.Sources;

/// <summary>An event of a source.</summary>
internal readonly record struct Reading(long Ticks, string Key, double Value);
