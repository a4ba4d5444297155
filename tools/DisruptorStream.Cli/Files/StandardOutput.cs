namespace DisruptorStream.Cli.Files;

/// <summary>
/// The standard output, which says when its reader has gone: the console's own stream passes over that in silence.
/// </summary>
internal sealed class StandardOutput : OutputStream
{
    private const int Descriptor = StandardStreams.Output;

    private readonly Stream? _console = OperatingSystem.IsWindows() ? Console.OpenStandardOutput() : null;

    public StandardOutput()
        : base("The standard output")
    {
    }

    public override int? PipeDescriptor => OperatingSystem.IsWindows()
        || StandardStreams.IsClosed(Descriptor)
        || UnixStatus.Find(Descriptor)?.Kind is FileKind.Regular or FileKind.Device
        ? null
        : Descriptor;

    /// <exception cref="OutputException">The process was started without a standard output.</exception>
    public static void ThrowIfClosed()
    {
        if (StandardStreams.IsClosed(Descriptor))
            throw new OutputException("The standard output", new IOException("it is closed"));
    }

    protected override void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        if (StandardStreams.IsClosed(Descriptor))
            throw new IOException("it is closed");
        if (_console is null)
            UnixPipe.Write(Descriptor, bytes);
        else
            _console.Write(bytes);
    }
}
