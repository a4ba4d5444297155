namespace DisruptorStream.Cli.Files;

/// <summary>An output that is written from beginning to end, and says by its name what goes wrong with it.</summary>
internal abstract class OutputStream : Stream
{
    private bool _hasFailed;

    /// <param name="name">What it is called in messages.</param>
    protected OutputStream(string name) => Name = name;

    public sealed override bool CanRead => false;

    public sealed override bool CanSeek => false;

    public sealed override bool CanWrite => true;

    public sealed override long Length => throw new NotSupportedException();

    public sealed override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>A descriptor whose reader may go; null where there is none.</summary>
    public virtual int? PipeDescriptor => null;

    /// <summary>Whether something has been written.</summary>
    public bool HasBytes { get; private set; }

    /// <summary>What it is called in messages.</summary>
    protected string Name { get; }

    /// <exception cref="OutputException">The bytes cannot be written.</exception>
    public sealed override void Write(ReadOnlySpan<byte> buffer)
    {
        HasBytes |= !buffer.IsEmpty;
        try
        {
            WriteBytes(buffer);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Fail(exception);
        }
    }

    public sealed override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>Hands on what is held back; nothing of an output that has failed.</summary>
    /// <exception cref="OutputException">The bytes cannot be written.</exception>
    public sealed override void Flush()
    {
        if (_hasFailed)
            return;
        try
        {
            FlushBytes();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Fail(exception);
        }
    }

    /// <summary>
    /// All is written: what the output had before is replaced by it. Nothing of an output that has failed.
    /// </summary>
    /// <exception cref="OutputException">It cannot be replaced.</exception>
    public void Complete()
    {
        if (_hasFailed)
            return;
        try
        {
            CompleteBytes();
        }
        catch (Exception exception)
            when (exception is IOException and not OutputException or UnauthorizedAccessException)
        {
            throw Fail(exception);
        }
    }

    public sealed override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public sealed override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public sealed override void SetLength(long value) => throw new NotSupportedException();

    protected abstract void WriteBytes(ReadOnlySpan<byte> bytes);

    protected virtual void FlushBytes()
    {
    }

    protected virtual void CompleteBytes() => FlushBytes();

    private OutputException Fail(Exception exception)
    {
        _hasFailed = true;
        return new OutputException(Name, exception);
    }
}
