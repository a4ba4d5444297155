using System.Runtime.InteropServices;

namespace DisruptorStream.Cli.Files;

/// <summary>What the class library does not do with a descriptor: say that its reader has gone.</summary>
internal static partial class UnixPipe
{
    // The same on Linux and macOS.
    private const short Writable = 0x04;
    private const short Gone = 0x08 | 0x10 | 0x20;
    private const int Interrupted = 4;

    private static int WouldWait => OperatingSystem.IsLinux() ? 11 : 35;

    /// <summary>Writes all bytes, and waits where there is no room.</summary>
    /// <exception cref="IOException">They cannot be written; its result is the number of the error.</exception>
    public static void Write(int descriptor, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var written = Write(descriptor, bytes, (nuint)bytes.Length);
            if (written >= 0)
            {
                bytes = bytes[(int)written..];
                continue;
            }

            var error = Marshal.GetLastPInvokeError();
            if (error == WouldWait)
                Poll(descriptor, Writable, -1);
            else if (error != Interrupted)
                throw new IOException(Marshal.GetPInvokeErrorMessage(error), error);
        }
    }

    /// <summary>Whether the reader of a pipe has gone.</summary>
    public static bool IsReaderGone(int descriptor) => (Poll(descriptor, 0, 0) & Gone) != 0;

    private static short Poll(int descriptor, short events, int waitMilliseconds)
    {
        // struct pollfd: the descriptor at 0, what is asked for at 4, what is so at 6.
        Span<byte> request = stackalloc byte[8];
        MemoryMarshal.Write(request, descriptor);
        MemoryMarshal.Write(request[4..], events);
        return Poll(request, 1, waitMilliseconds) > 0 ? MemoryMarshal.Read<short>(request[6..]) : (short)0;
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int descriptor, ReadOnlySpan<byte> bytes, nuint length);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(Span<byte> requests, nuint count, int waitMilliseconds);
}
