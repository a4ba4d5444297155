using DisruptorStream.Durability.Files;

namespace DisruptorStream.Simulation.Disks;

/// <summary>Errors as the file system of a real machine throws them.</summary>
internal static class DiskErrors
{
    private const int InputOutput = 5;
    private const int Exists = 17;
    private const int OtherDevice = 18;

    public static Exception Of(DiskFault fault, in DiskCall call) => fault == DiskFault.NoSpace
        ? new IOException($"{call.Operation} of '{call.Path}': no space left (simulated).", FileErrors.NoSpace)
        : new IOException($"{call.Operation} of '{call.Path}': input/output error (simulated).", InputOutput);

    public static Exception NoFile(string path) => new FileNotFoundException($"There is no file '{path}'.", path);

    public static Exception NoDirectory(string path) =>
        new DirectoryNotFoundException($"There is no directory '{path}'.");

    public static Exception IsThere(string path) => new IOException($"There is a file '{path}' already.", Exists);

    public static Exception Crosses(string from, string to) =>
        new IOException($"'{from}' and '{to}' are in different directories, which this disk cannot do.", OtherDevice);
}
