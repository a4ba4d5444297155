namespace DisruptorStream.Cli.Tests.Input;

/// <summary>Gives its bytes in chunks of uneven lengths, now at once, now after others have had their turn.</summary>
internal sealed class UnevenStream : MemoryStream
{
    private readonly Random _random;
    private readonly int _mostBytes;

    public UnevenStream(byte[] bytes, int seed, int mostBytes)
        : base(bytes)
    {
        _random = new Random(seed);
        _mostBytes = mostBytes;
    }

    public override async ValueTask<int> ReadAsync(
        Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_random.Next(3) == 0)
            await Task.Yield();
        var bytes = Math.Min(buffer.Length, _random.Next(1, _mostBytes + 1));
        return await base.ReadAsync(buffer[..bytes], cancellationToken);
    }
}
