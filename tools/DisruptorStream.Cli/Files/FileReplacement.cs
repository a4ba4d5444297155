namespace DisruptorStream.Cli.Files;

/// <summary>
/// A file that is replaced as a whole, once all of its bytes are written: until then they are in a file beside it.
/// </summary>
/// <remarks>Links are followed, and permissions, owner and further names of the file are kept.</remarks>
internal sealed class FileReplacement : OutputStream
{
    private const int BufferBytes = 1 << 16;

    private readonly Lock _turn = new();
    private readonly string _path;
    private readonly FileStream _file;
    private bool _isEnded;

    private FileReplacement(string name, string path, FileStream file)
        : base(name)
    {
        _path = path;
        _file = file;
    }

    /// <summary>
    /// Begins a file beside that of a path; null where none can be made there, or the path cannot be written.
    /// </summary>
    public static FileReplacement? TryOpen(string path)
    {
        try
        {
            var real = FileIdentity.WithoutLinks(path);
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                Share = FileShare.Read | FileShare.Delete,
                BufferSize = BufferBytes,
            };
            var isThere = File.Exists(real);
            ThrowUnlessWritable(real);
            if (!isThere)
                File.Delete(real);
            else if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = File.GetUnixFileMode(real);

            // Its length does not depend on the name of the file, which may be as long as names can be.
            var beside = Path.Combine(Path.GetDirectoryName(real) ?? "", $".dstream-{Guid.NewGuid():N}.tmp");
            return new FileReplacement($"The output '{path}'", real, new FileStream(beside, options));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    protected override void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        lock (_turn)
        {
            ObjectDisposedException.ThrowIf(_isEnded, this);
            _file.Write(bytes);
        }
    }

    protected override void FlushBytes()
    {
        lock (_turn)
        {
            if (!_isEnded)
                _file.Flush();
        }
    }

    protected override void CompleteBytes()
    {
        lock (_turn)
        {
            if (_isEnded)
                return;
            _file.Flush();
            if (!TryRename())
                Copy();
            _isEnded = true;
            _file.Dispose();
        }
    }

    protected override void Dispose(bool disposing)
    {
        lock (_turn)
        {
            if (disposing && !_isEnded)
            {
                _isEnded = true;
                Discard();
            }
        }

        base.Dispose(disposing);
    }

    /// <summary>Not every name is one that a file can have.</summary>
    private static void ThrowUnlessWritable(string path)
    {
        using var _ = new FileStream(
            path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
    }

    /// <summary>Returns false where the file must stay the one that it is, or cannot be renamed over.</summary>
    private bool TryRename()
    {
        try
        {
            if (!OperatingSystem.IsWindows() && File.Exists(_path))
            {
                if (UnixStatus.Find(_path) is { } old
                    && (old.Names > 1 || old.Owner != UnixStatus.Find(_file.Name)?.Owner))
                {
                    return false;
                }

                File.SetUnixFileMode(_file.Name, File.GetUnixFileMode(_path));
            }

            File.Move(_file.Name, _path, overwrite: true);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Such as a file that a container has from outside: it is a mount, and takes bytes, but no other file.
            return false;
        }
    }

    private void Copy()
    {
        try
        {
            using (var from = new FileStream(_file.Name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite))
            using (var to = new FileStream(_path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite))
                from.CopyTo(to);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The old bytes are gone, so that the new ones are all there is.
            _isEnded = true;
            _file.Dispose();
            throw new OutputException(Name, exception, _file.Name);
        }

        File.Delete(_file.Name);
    }

    private void Discard()
    {
        try
        {
            File.Delete(_file.Name);
            _file.Dispose();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What is held back of an output that has failed cannot be written at the end either; it has been told.
        }
    }
}
