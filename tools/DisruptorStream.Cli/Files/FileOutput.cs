namespace DisruptorStream.Cli.Files;

/// <summary>A file, or a named pipe.</summary>
/// <remarks>
/// What a file has had is gone with the first bytes that are written, and not before: a job that fails before it has
/// any takes nothing away, and leaves no new file.
/// </remarks>
internal sealed class FileOutput : OutputStream
{
    private const int BufferBytes = 1 << 16;

    private readonly FileStream _file;
    private readonly FileKind _kind;
    private readonly bool _isNew;
    private bool _isBegun;

    private FileOutput(FileStream file, string path, FileKind kind, bool isNew)
        : base($"The output '{path}'")
    {
        _file = file;
        _kind = kind;
        _isNew = isNew;
    }

    public override int? PipeDescriptor =>
        _kind == FileKind.Pipe ? (int)_file.SafeFileHandle.DangerousGetHandle() : null;

    /// <summary>Waits for the reader of a named pipe.</summary>
    /// <exception cref="OutputException">It cannot be opened.</exception>
    public static FileOutput Open(string path)
    {
        var kind = FileIdentity.Of(path, isOutput: true)?.Kind ?? FileKind.Regular;
        var isNew = !File.Exists(path);
        try
        {
            // Somebody waits at the other end of a pipe: nothing is held back.
            var file = new FileStream(
                path,
                FileMode.OpenOrCreate,
                FileAccess.Write,
                FileShare.Read | FileShare.Delete,
                kind == FileKind.Pipe ? 0 : BufferBytes);
            return new FileOutput(file, path, kind, isNew);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OutputException($"The output '{path}'", exception);
        }
    }

    protected override void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        if (!_isBegun && _kind == FileKind.Regular)
            _file.SetLength(0);
        _isBegun = true;
        _file.Write(bytes);
    }

    protected override void FlushBytes() => _file.Flush();

    protected override void Dispose(bool disposing)
    {
        try
        {
            if (disposing && !_isBegun && _isNew)
                File.Delete(_file.Name);
            if (disposing)
                _file.Dispose();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What is held back of an output that has failed cannot be written at the end either; it has been told.
        }

        base.Dispose(disposing);
    }
}
