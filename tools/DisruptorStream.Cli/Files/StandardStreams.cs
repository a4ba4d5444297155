using System.Runtime.InteropServices;
using DisruptorStream.Cli.Terminal;

namespace DisruptorStream.Cli.Files;

/// <summary>Which of the three standard streams the process was started with.</summary>
/// <remarks>
/// The runtime opens files of its own before any code runs, and one of them gets the number of a stream that is closed.
/// Those close when another program is started; what the process was started with does not.
/// </remarks>
internal static partial class StandardStreams
{
    public const int Input = 0;
    public const int Output = 1;
    public const int Error = 2;

    private const int GetFlags = 1;
    private const int ClosesOnStart = 1;

    private static readonly bool[] Closed = [IsClosedNow(Input), IsClosedNow(Output), IsClosedNow(Error)];

    public static bool IsClosed(int descriptor) => Closed[descriptor];

    /// <summary>
    /// Makes the console fail where its output is closed, and pass over an error stream that cannot be written.
    /// </summary>
    public static void SetUpConsole()
    {
        if (IsClosed(Output))
            Console.SetOut(new StreamWriter(new StandardOutput()) { AutoFlush = true });
        Console.SetError(IsClosed(Error) ? TextWriter.Null : new ErrorWriter(Console.Error));
    }

    private static bool IsClosedNow(int descriptor) => !OperatingSystem.IsWindows()
        && Fcntl(descriptor, GetFlags) is var flags
        && (flags < 0 || (flags & ClosesOnStart) != 0);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Fcntl(int descriptor, int command);
}
