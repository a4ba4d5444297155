using System.Buffers;
using CsCheck;
using DisruptorStream.Identities;
using DisruptorStream.Saving;

namespace DisruptorStream.Tests.Identities;

public sealed class IdentityRecordTests
{
    [Fact]
    public void Read_AnyRecords_AreThoseThatWereWritten() => Gen.Select(
        Gen.Enum<IdentityKind>(), Gen.Long[-1, long.MaxValue - 1], Gen.Int[0, int.MaxValue], Gen.UInt, Gen.Byte.Array)
        .Where(one => one.Item1 != IdentityKind.None)
        .Array[0, 8]
        .Sample(records =>
        {
            var output = new ArrayBufferWriter<byte>();
            foreach (var (kind, sequence, number, generation, body) in records)
                NewRecord(kind, sequence, number, generation, body).Write(output);

            var rest = output.WrittenSpan;
            foreach (var (kind, sequence, number, generation, body) in records)
            {
                var read = IdentityRecord.Read(ref rest);
                Assert.Equal(
                    (kind, sequence, number, generation), (read.Kind, read.Sequence, read.Number, read.Generation));
                Assert.Equal(body, read.Body.ToArray());
            }

            Assert.True(rest.IsEmpty);
        });

    [Fact]
    public void Read_TooFewBytes_IsRefused()
    {
        var output = new ArrayBufferWriter<byte>();
        NewRecord(IdentityKind.KeyDefined, 1_000, 300, 5, [1, 2, 3]).Write(output);
        for (var length = 0; length < output.WrittenCount; length++)
            Assert.Throws<StateException>(() => ReadOne(output.WrittenSpan[..length]));
    }

    [Fact]
    public void Read_AnyBytes_IsARecordOrRefused() => Gen.Byte.Array[0, 40].Sample(bytes =>
    {
        try
        {
            var rest = (ReadOnlySpan<byte>)bytes;
            while (!rest.IsEmpty)
                IdentityRecord.Read(ref rest);
        }
        catch (StateException)
        {
            // As it should be.
        }
    });

    [Fact]
    public void Read_KindOfALaterVersion_NamesIt() => Assert.Contains(
        "77 is no kind", Assert.Throws<StateException>(() => ReadOne([77, 3, 0, 0, 0])).Message);

    private static void ReadOne(ReadOnlySpan<byte> bytes) => IdentityRecord.Read(ref bytes);

    private static IdentityRecord NewRecord(
        IdentityKind kind, long sequence, int number, uint generation, ReadOnlySpan<byte> body)
    {
        return new IdentityRecord
        {
            Kind = kind,
            Sequence = sequence,
            Number = number,
            Generation = generation,
            Body = body,
        };
    }
}
