namespace DisruptorStream.Cli.Tests.Files;

/// <summary>An output that does something at its first write, such as fail, and counts the writes.</summary>
internal sealed class FailingOutput : MemoryStream
{
    private readonly Action _onFirstWrite;

    public FailingOutput(Action onFirstWrite) => _onFirstWrite = onFirstWrite;

    public int Writes { get; private set; }

    public override void Write(byte[] buffer, int offset, int count)
    {
        base.Write(buffer, offset, count);
        if (++Writes == 1)
            _onFirstWrite();
    }
}
