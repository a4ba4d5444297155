namespace DisruptorStream.Cli.Files;

/// <summary>
/// The standard output, which says when its reader has gone: the console's own stream passes over that in silence.
/// </summary>
internal sealed class StandardOutput : OutputStream
{
    private const int Descriptor = 1;

    private readonly Stream? _console = OperatingSystem.IsWindows() ? Console.OpenStandardOutput() : null;

    public StandardOutput()
        : base("The standard output")
    {
    }

    public override int? PipeDescriptor => OperatingSystem.IsWindows()
        || UnixStatus.Find(Descriptor)?.Kind is FileKind.Regular or FileKind.Device
        ? null
        : Descriptor;

    protected override void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        if (_console is null)
            UnixPipe.Write(Descriptor, bytes);
        else
            _console.Write(bytes);
    }
}
