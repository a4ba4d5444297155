using System.Runtime.InteropServices;

namespace DisruptorStream.Topology.Durable;

/// <summary>Lets a thread work only where the others leave time.</summary>
internal static partial class LowPriority
{
    private const int OfThread = 0;
    private const int Caller = 0;

    // About a tenth of the weight of an ordinary thread: it still gets on beside threads that never wait.
    private const int Niceness = 10;

    /// <summary>The calling thread, from now on.</summary>
    public static void Enter()
    {
        Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;

        // On Linux the framework's priorities do nothing. Where the system says no, the thread is as it was.
        if (OperatingSystem.IsLinux())
            _ = SetPriority(OfThread, Caller, Niceness);
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetPriority(int which, int who, int niceness);
}
