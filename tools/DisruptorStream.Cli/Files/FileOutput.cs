namespace DisruptorStream.Cli.Files;

/// <summary>A named pipe, a device, or a file that is written in place, since none can be made beside it.</summary>
/// <remarks>
/// What a file has had is gone with the first bytes that are written, and not before: a job that fails before it has
/// any takes nothing away, and leaves no new file. What follows the bytes of others in an open file is added to them.
/// </remarks>
internal sealed class FileOutput : OutputStream
{
    private const int BufferBytes = 1 << 16;

    private readonly FileStream _file;
    private readonly FileKind _kind;
    private readonly bool _isNew;
    private readonly bool _isOpen;
    private bool _isTaken;

    private FileOutput(FileStream file, string path, FileKind kind, bool isNew, bool isOpen)
        : base($"The output '{path}'")
    {
        _file = file;
        _kind = kind;
        _isNew = isNew;
        _isOpen = isOpen;
    }

    public override int? PipeDescriptor =>
        _kind == FileKind.Pipe ? (int)_file.SafeFileHandle.DangerousGetHandle() : null;

    /// <summary>Waits for the reader of a named pipe.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="kind">What is there.</param>
    /// <param name="isOpen">Whether it is a descriptor, whose file others may have written to.</param>
    /// <exception cref="OutputException">It cannot be opened.</exception>
    public static FileOutput Open(string path, FileKind kind, bool isOpen)
    {
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
            if (isOpen && kind == FileKind.Regular)
                file.Seek(0, SeekOrigin.End);
            return new FileOutput(file, path, kind, isNew, isOpen);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OutputException($"The output '{path}'", exception);
        }
    }

    protected override void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        TakeOver();
        _file.Write(bytes);
    }

    protected override void FlushBytes() => _file.Flush();

    protected override void CompleteBytes()
    {
        TakeOver();
        _file.Flush();
    }

    private void TakeOver()
    {
        if (!_isTaken && !_isOpen && _kind == FileKind.Regular)
            _file.SetLength(0);
        _isTaken = true;
    }

    protected override void Dispose(bool disposing)
    {
        try
        {
            if (disposing && !_isTaken && _isNew)
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
