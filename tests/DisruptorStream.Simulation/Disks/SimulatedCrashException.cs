namespace DisruptorStream.Simulation.Disks;

/// <summary>The machine or the process has ended here. No code of the process runs on; a test catches it.</summary>
/// <remarks>It is no <see cref="IOException"/>: nothing that handles errors of files takes it for one.</remarks>
internal sealed class SimulatedCrashException : Exception
{
    public SimulatedCrashException()
    {
    }

    public SimulatedCrashException(string message)
        : base(message)
    {
    }

    public SimulatedCrashException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
