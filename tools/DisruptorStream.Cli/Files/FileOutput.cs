namespace DisruptorStream.Cli.Files;

/// <summary>A file, which is emptied first, or a named pipe.</summary>
internal sealed class FileOutput : OutputStream
{
    private const int BufferBytes = 1 << 16;

    private readonly FileStream _file;
    private readonly bool _isPipe;

    private FileOutput(FileStream file, string path, bool isPipe)
        : base($"The output '{path}'")
    {
        _file = file;
        _isPipe = isPipe;
    }

    public override int? PipeDescriptor => _isPipe ? (int)_file.SafeFileHandle.DangerousGetHandle() : null;

    /// <summary>Waits for the reader of a named pipe.</summary>
    /// <exception cref="OutputException">It cannot be opened.</exception>
    public static FileOutput Open(string path)
    {
        var isPipe = FileIdentity.Of(path, isOutput: true)?.Kind == FileKind.Pipe;
        try
        {
            // Somebody waits at the other end of a pipe: nothing is held back.
            var file = new FileStream(
                path, FileMode.Create, FileAccess.Write, FileShare.Read, isPipe ? 0 : BufferBytes);
            return new FileOutput(file, path, isPipe);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OutputException($"The output '{path}'", exception);
        }
    }

    protected override void WriteBytes(ReadOnlySpan<byte> bytes) => _file.Write(bytes);

    protected override void FlushBytes() => _file.Flush();

    protected override void Dispose(bool disposing)
    {
        try
        {
            if (disposing)
                _file.Dispose();
        }
        catch (IOException)
        {
            // What is held back of an output that has failed cannot be written at the end either; it has been told.
        }

        base.Dispose(disposing);
    }
}
