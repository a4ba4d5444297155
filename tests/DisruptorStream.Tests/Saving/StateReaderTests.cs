using System.Buffers.Binary;
using CsCheck;
using DisruptorStream.Saving;

namespace DisruptorStream.Tests.Saving;

/// <summary>What was written is read, across chunks; what was not is refused with what is wrong.</summary>
public sealed class StateReaderTests
{
    private static readonly StateHeader Header = new(new UInt128(3, 4), 99);

    [Fact]
    public void Read_AnyValues_AreThoseWritten() =>
        Gen.Select(Gen.Int[0, 4], Gen.ULong, Gen.Int[0, 200_000]).Array[0, 12].Array[0, 4].Sample(
            sections =>
            {
                var state = Written(writer =>
                {
                    foreach (var values in sections)
                        WriteSection(writer, values);
                });
                using var reader = new StateReader(new MemoryStream(state));
                Assert.Equal(Header, reader.Header);
                foreach (var values in sections)
                    ReadSection(reader, values);
                reader.Complete();
                Assert.Equal(0, reader.BytesLeft);
            },
            iter: 60,
            threads: 1);

    [Fact]
    public void Read_StreamThatGivesAFewBytesAndCannotSeek_IsTheSame()
    {
        var values = new[] { (3, 1UL, 300_000), (1, 77UL, 0), (2, 1UL << 63, 0) };
        var state = Written(writer => WriteSection(writer, values));
        using var reader = new StateReader(new Trickle(state));
        ReadSection(reader, values);
        reader.Complete();
    }

    [Fact]
    public void Text_TheSameAgain_TakesAByte()
    {
        var once = Written(writer => Texts(writer, "a text that repeats"));
        var often = Written(writer => Texts(writer, [.. Enumerable.Repeat("a text that repeats", 11)]));
        Assert.Equal(once.Length + 10, often.Length);
        using var reader = new StateReader(new MemoryStream(often));
        reader.Begin(SectionTag.Slices, 1);
        for (var index = 0; index < 11; index++)
            Assert.Equal("a text that repeats", reader.ReadText());
        reader.End();
    }

    [Fact]
    public void Text_HalfCharactersAndVeryLongOnes_AreSavedAgainAsTheyWere()
    {
        string[] texts = ["", "\ud800", "\ufffd", new string('ä', 100_000), "z\udc00"];
        var first = Written(writer => Texts(writer, texts));
        using var reader = new StateReader(new MemoryStream(first));
        reader.Begin(SectionTag.Slices, 1);
        string[] read = [.. texts.Select(_ => reader.ReadText())];
        reader.End();
        Assert.Equal(first, Written(writer => Texts(writer, read)));
        Assert.Equal(32 * 1024, read[3].Length);
    }

    [Theory]
    [InlineData((int)SectionTag.Windows, 1, "Slices where Windows")]
    [InlineData((int)SectionTag.Slices, 0, "version 1, and this release reads 1 to 0")]
    public void Begin_AnotherSectionOrNewerVersion_IsRefusedWithBothNames(int tag, int newest, string expected)
    {
        var state = Written(writer => Texts(writer, "x"));
        using var reader = new StateReader(new MemoryStream(state));
        var error = Assert.Throws<StateException>(() => reader.Begin((SectionTag)tag, newest));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Begin_UnknownSection_IsRefusedWithItsNumber()
    {
        var state = Written(writer =>
        {
            writer.Begin((SectionTag)4711, 3);
            writer.End();
        });
        using var reader = new StateReader(new MemoryStream(state));
        var error = Assert.Throws<StateException>(() => reader.Begin(SectionTag.Slices, 1));
        Assert.Contains("section 4711 of version 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Begin_SectionsSwappedOrMissing_AreRefusedAtOnce()
    {
        var state = Written(writer =>
        {
            Texts(writer, "one");
            Texts(writer, "two");
        });
        const int HeaderBytes = StateFormat.FileHeaderBytes + StateFormat.HashBytes;
        const int SectionBytes = StateFormat.ChunkHeaderBytes + 5 + StateFormat.HashBytes;
        var first = state[HeaderBytes..][..SectionBytes];
        var second = state[(HeaderBytes + SectionBytes)..][..SectionBytes];
        var rest = state[(HeaderBytes + (2 * SectionBytes))..];
        Refuses([.. state[..HeaderBytes], .. second, .. first, .. rest]);
        Refuses([.. state[..HeaderBytes], .. second, .. rest]);
    }

    [Fact]
    public void End_NotAllRead_IsRefused()
    {
        var state = Written(writer => Texts(writer, "one"));
        using var reader = new StateReader(new MemoryStream(state));
        reader.Begin(SectionTag.Slices, 1);
        Assert.Throws<StateException>(reader.End);
    }

    [Fact]
    public void ReadCount_MoreThanFits_IsRefusedBeforeAnythingIsMade()
    {
        var state = Written(writer =>
        {
            writer.Begin(SectionTag.Slices, 1);
            writer.WriteCount(int.MaxValue);
            writer.End();
        });
        using var reader = new StateReader(new MemoryStream(state));
        reader.Begin(SectionTag.Slices, 1);
        Assert.Throws<StateException>(() => reader.ReadCount(1, "things"));
    }

    [Fact]
    public void Header_NoStateOrAnotherFormat_IsRefused()
    {
        Assert.Throws<StateException>(() => new StateReader(new MemoryStream(new byte[100])));
        var state = Written(writer => Texts(writer, "x"));
        BinaryPrimitives.WriteInt32LittleEndian(state.AsSpan(8), 2);
        State.Saving.Checksums.Mend(state);
        var error = Assert.Throws<StateException>(() => new StateReader(new MemoryStream(state)));
        Assert.Contains("format 2", error.Message, StringComparison.Ordinal);
    }

    private static void Refuses(byte[] state)
    {
        using var reader = new StateReader(new MemoryStream(state));
        Assert.Throws<StateException>(() => reader.Begin(SectionTag.Slices, 1));
    }

    private static byte[] Written(Action<StateWriter> write)
    {
        using var stream = new MemoryStream();
        using var writer = new StateWriter(stream, Header);
        write(writer);
        writer.Complete();
        return stream.ToArray();
    }

    private static void Texts(StateWriter writer, params string[] texts)
    {
        writer.Begin(SectionTag.Slices, 1);
        foreach (var text in texts)
            writer.WriteText(text);
        writer.End();
    }

    private static void WriteSection(StateWriter writer, (int Kind, ulong Value, int Length)[] values)
    {
        writer.Begin(SectionTag.Slices, 1);
        foreach (var (kind, value, length) in values)
        {
            if (kind == 0)
                writer.WriteByte((byte)value);
            else if (kind == 1)
                writer.WriteInt64((long)value);
            else if (kind == 2)
                writer.WriteNumber(value);
            else
                writer.WriteBytes(Bytes(value, length));
        }

        writer.End();
    }

    private static void ReadSection(StateReader reader, (int Kind, ulong Value, int Length)[] values)
    {
        reader.Begin(SectionTag.Slices, 1);
        foreach (var (kind, value, length) in values)
        {
            if (kind == 0)
                Assert.Equal((byte)value, reader.ReadByte());
            else if (kind == 1)
                Assert.Equal((long)value, reader.ReadInt64());
            else if (kind == 2)
                Assert.Equal(value, reader.ReadNumber());
            else
                ReadBytes(reader, value, length);
        }

        reader.End();
    }

    private static void ReadBytes(StateReader reader, ulong value, int length)
    {
        var bytes = new byte[length];
        reader.ReadBytes(bytes);
        Assert.True(bytes.AsSpan().SequenceEqual(Bytes(value, length)));
    }

    private static byte[] Bytes(ulong value, int length)
    {
        var bytes = new byte[length];
        new Random((int)(uint)value).NextBytes(bytes);
        return bytes;
    }

    /// <summary>A stream that gives at most 1,000 bytes at a time.</summary>
    private sealed class Trickle : MemoryStream
    {
        public Trickle(byte[] bytes)
            : base(bytes)
        {
        }

        public override bool CanSeek => false;

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 1000)]);
    }
}
