namespace DisruptorStream.Cli.Files;

/// <summary>An output that is written from beginning to end, and says by its name what goes wrong with it.</summary>
internal abstract class OutputStream : Stream
{
    private readonly string _name;
    private bool _hasFailed;

    /// <param name="name">What it is called in messages.</param>
    protected OutputStream(string name) => _name = name;

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

    /// <exception cref="OutputException">The bytes cannot be written.</exception>
    public sealed override void Write(ReadOnlySpan<byte> buffer)
    {
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

    public sealed override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public sealed override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public sealed override void SetLength(long value) => throw new NotSupportedException();

    protected abstract void WriteBytes(ReadOnlySpan<byte> bytes);

    protected virtual void FlushBytes()
    {
    }

    private OutputException Fail(Exception exception)
    {
        _hasFailed = true;
        return new OutputException(_name, exception);
    }
}
