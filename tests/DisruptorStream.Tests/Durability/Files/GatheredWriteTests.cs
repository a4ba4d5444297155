using System.Runtime.InteropServices;
using CsCheck;
using DisruptorStream.Durability.Files;

namespace DisruptorStream.Tests.Durability.Files;

public sealed class GatheredWriteTests
{
    /// <summary>Wherever the system stops, each byte comes to its place once.</summary>
    [Fact]
    public void Run_CallsThatStopAnywhere_WritesEachByteOnce() =>
        Gen.Select(Gen.Int[0, 6].Array[0, 12], Gen.Int[1, 9].Array[1, 20]).Sample((lengths, stops) =>
        {
            var expected = Enumerable.Range(1, lengths.Sum()).Select(i => (byte)i).ToArray();
            var address = Marshal.AllocHGlobal(expected.Length + 1);
            try
            {
                Marshal.Copy(expected, 0, address, expected.Length);
                var parts = new FilePart[lengths.Length];
                for (var (i, at) = (0, 0); i < parts.Length; at += lengths[i++])
                    parts[i] = new FilePart(address + at, (nuint)lengths[i]);
                var written = new List<byte>();
                GatheredWrite.Run(new StoppingCall(written, stops), 0, parts);
                Assert.Equal(expected, written);
            }
            finally
            {
                Marshal.FreeHGlobal(address);
            }
        }, iter: 2_000);

    private readonly struct StoppingCall : IGatheredCall
    {
        private readonly List<byte> _written;
        private readonly int[] _stops;

        public StoppingCall(List<byte> written, int[] stops)
        {
            _written = written;
            _stops = stops;
        }

        public long Write(long offset, ReadOnlySpan<FilePart> parts)
        {
            Assert.InRange(parts.Length, 1, GatheredWrite.MostParts);
            Assert.Equal(_written.Count, offset);
            var room = _stops[_written.Count % _stops.Length];
            foreach (var part in parts)
            {
                var taken = Math.Min(room, part.Bytes.Length);
                _written.AddRange(part.Bytes[..taken]);
                room -= taken;
            }

            return _written.Count - offset;
        }
    }
}
