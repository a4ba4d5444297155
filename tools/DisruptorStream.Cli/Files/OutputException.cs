namespace DisruptorStream.Cli.Files;

/// <summary>An output cannot be written.</summary>
internal sealed class OutputException : IOException
{
    private const int BrokenPipe = 32;
    private const int BrokenPipeOnWindows = unchecked((int)0x8007006D);
    private const int NoReaderOnWindows = unchecked((int)0x800700E8);

    /// <param name="output">What the output is called.</param>
    /// <param name="reason">Why it cannot be written.</param>
    /// <param name="keptIn">The file that has what belongs into the output; null for none.</param>
    public OutputException(string output, Exception reason, string? keptIn = null)
        : base(
            $"{output} cannot be written: {Explain(reason)}"
                + (keptIn is null ? "." : $" (the results are in '{keptIn}')."),
            reason) =>
        IsReaderGone = reason is IOException
            && reason.HResult is BrokenPipe or BrokenPipeOnWindows or NoReaderOnWindows;

    /// <summary>The program that read an output has ended, though nothing was written.</summary>
    public static OutputException ReaderGone() =>
        new("An output", new IOException("its reader has ended", BrokenPipe));

    /// <summary>Whether the program that read the output has ended, which is nothing to complain about.</summary>
    public bool IsReaderGone { get; }

    private static string Explain(Exception reason) => reason.HResult switch
    {
        28 or unchecked((int)0x80070070) => "the disk is full; make room, and run the job again",
        122 when OperatingSystem.IsLinux() => "the disk quota is used up; make room, and run the job again",
        69 when OperatingSystem.IsMacOS() => "the disk quota is used up; make room, and run the job again",
        27 => "a file must not be that large here; write to another place",
        _ => reason.Message.TrimEnd('.'),
    };
}
