namespace DisruptorStream.Simulation.Disks;

/// <summary>One call of a disk.</summary>
/// <param name="Number">Which call of the disk it is, from 1 on.</param>
/// <param name="Operation">What was called.</param>
/// <param name="Path">The whole path of the file or directory.</param>
/// <param name="Offset">Of reads and writes, the first byte; of a new length, the length; else 0.</param>
/// <param name="LengthBytes">Of reads and writes, how many bytes; else 0.</param>
internal readonly record struct DiskCall(
    long Number, DiskOperation Operation, string Path, long Offset = 0, long LengthBytes = 0);
