using System.Diagnostics;
using System.Numerics;
using DisruptorStream.Rings.Machine;

namespace DisruptorStream.Rings;

/// <summary>How many processors this process may really use.</summary>
/// <remarks>
/// The least of the machine's processors, the affinity mask, and the CPU quota of the process's control group and of
/// the groups around it, rounded up. Spinning beyond it takes time away from the very thread that is waited for.
/// </remarks>
internal sealed class ProcessorBudget
{
    private static readonly Lazy<ProcessorBudget> OfThisProcess = new(ReadThisProcess);

    public ProcessorBudget(int processors)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(processors, 1);
        Processors = processors;
    }

    /// <summary>The budget of this process, read once.</summary>
    public static ProcessorBudget Current => OfThisProcess.Value;

    public int Processors { get; }

    /// <summary>Reads the limits that Linux shows below a root directory; what cannot be read does not limit.</summary>
    /// <param name="rootPath">"/", or a copy of its proc and sys in tests.</param>
    /// <param name="processorCount">The upper limit.</param>
    public static ProcessorBudget ReadLinux(string rootPath, int processorCount)
    {
        var allowed = ProcessorList.ReadAllowed(rootPath) ?? processorCount;
        var quota = ControlGroupQuota.Read(rootPath) ?? processorCount;
        return new ProcessorBudget((int)Math.Clamp(Math.Ceiling(Math.Min(allowed, quota)), 1, processorCount));
    }

    private static ProcessorBudget ReadThisProcess()
    {
        if (OperatingSystem.IsLinux())
            return ReadLinux("/", Environment.ProcessorCount);

        if (!OperatingSystem.IsWindows())
            return new ProcessorBudget(Environment.ProcessorCount);

        // The mask is 0 for a process that spans groups of 64 processors.
        using var process = Process.GetCurrentProcess();
        var allowed = BitOperations.PopCount((nuint)process.ProcessorAffinity);
        return new ProcessorBudget(
            allowed == 0 ? Environment.ProcessorCount : Math.Min(allowed, Environment.ProcessorCount));
    }
}
