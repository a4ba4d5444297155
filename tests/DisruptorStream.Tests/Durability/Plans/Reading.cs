namespace DisruptorStream.Tests.Durability.Plans;

/// <summary>An event of the streams whose plans change.</summary>
internal readonly record struct Reading(long Ticks, string Site, string Device, double Value, long Weight);
