using DisruptorStream.LoadTests.Measuring;

namespace DisruptorStream.LoadTests.Durable;

/// <summary>A lap, and what it asked of the disk.</summary>
internal sealed record JournalLap(Lap Lap, DiskCounts Disk);
