using DisruptorStream.Saving;

namespace DisruptorStream.Tests.Saving;

public sealed class StateWriterTests
{
    [Fact]
    public void WriteBytes_AnyPieces_SameBytes()
    {
        var bytes = new byte[600_000];
        new Random(5).NextBytes(bytes);
        var expected = Written(bytes, bytes.Length);
        foreach (var piece in (int[])[1000, 4096, 262_144, 262_143, 300_001])
            Assert.True(expected.AsSpan().SequenceEqual(Written(bytes, piece)));
    }

    [Fact]
    public void Begin_SectionThatIsOpen_IsAMistake()
    {
        using var writer = new StateWriter(new MemoryStream(), default);
        writer.Begin(SectionTag.Slices, 1);
        Assert.Throws<InvalidOperationException>(() => writer.Begin(SectionTag.Windows, 1));
    }

    [Fact]
    public void End_NoSection_IsAMistake()
    {
        using var writer = new StateWriter(new MemoryStream(), default);
        Assert.Throws<InvalidOperationException>(writer.End);
    }

    private static byte[] Written(byte[] bytes, int piece)
    {
        using var stream = new MemoryStream();
        using var writer = new StateWriter(stream, default);
        writer.Begin(SectionTag.Slices, 1);
        for (var at = 0; at < bytes.Length; at += piece)
            writer.WriteBytes(bytes.AsSpan(at, Math.Min(piece, bytes.Length - at)));
        writer.End();
        writer.Complete();
        return stream.ToArray();
    }
}
