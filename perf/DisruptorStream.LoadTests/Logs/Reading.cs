namespace DisruptorStream.LoadTests.Logs;

/// <summary>An event of 20 bytes.</summary>
internal readonly record struct Reading(int Sensor, long Ticks, double Value);
