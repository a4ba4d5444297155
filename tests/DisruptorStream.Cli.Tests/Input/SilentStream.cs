namespace DisruptorStream.Cli.Tests.Input;

/// <summary>Gives its bytes, and then keeps its reader waiting until it gives up.</summary>
internal sealed class SilentStream : MemoryStream
{
    public SilentStream(byte[] bytes)
        : base(bytes)
    {
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Position == Length)
            await Task.Delay(Timeout.Infinite, cancellationToken);
        return await base.ReadAsync(buffer, cancellationToken);
    }
}
