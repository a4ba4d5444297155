using System.Runtime.CompilerServices;
using CsCheck;
using DisruptorStream.Emission.Merging;

namespace DisruptorStream.Tests.Emission.Merging;

public sealed class ResultRingTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(120);

    [Theory]
    [InlineData(0)]
    [InlineData(-4)]
    [InlineData(12)]
    public void Constructor_CapacityNoPowerOfTwo_Throws(int capacity) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ResultRing(capacity, 1));

    [Fact]
    public void TryWrite_Full_RefusesUntilTheReaderAdvances()
    {
        var ring = new ResultRing(2, 2);
        Assert.True(ring.TryWrite(Rows.Pane(1), [1, 2]));
        Assert.True(ring.TryWrite(Rows.Pane(2), [3, 4]));
        Assert.False(ring.TryWrite(Rows.Pane(3), [5, 6]));
        Assert.False(ring.HasRoom);

        Assert.False(ring.IsEmpty);
        ring.Advance();
        Assert.Equal(1, ring.Room);
        Assert.True(ring.TryWrite(Rows.Pane(3), [5, 6]));
        Assert.Equal(2, ring.Head.Sequence);
        Assert.Equal([3, 4], ring.HeadValues);
    }

    [Fact]
    public void TryWrite_FewerValuesThanWidth_KeepsThoseGiven()
    {
        var ring = new ResultRing(1, 3);
        ring.TryWrite(Rows.Dropped(1), [42]);
        Assert.False(ring.IsEmpty);
        Assert.Equal(42, ring.HeadValues[0]);
        Assert.Equal(3, ring.HeadValues.Length);
    }

    [Fact]
    public void TryReserve_BeforeCommit_ShowsNothing()
    {
        var ring = new ResultRing(4, 1);
        Assert.True(ring.TryReserve(out var values));
        values[0] = 8;
        Assert.True(ring.IsEmpty);
        ring.Commit(Rows.Pane(3));
        Assert.False(ring.IsEmpty);
        Assert.Equal(8, ring.HeadValues[0]);
    }

    [Fact]
    public void CompleteThrough_LowerSequence_DoesNotGoBack()
    {
        var ring = new ResultRing(1, 0);
        Assert.Equal(long.MinValue, ring.Progress);
        ring.CompleteThrough(9);
        ring.CompleteThrough(5);
        Assert.Equal(9, ring.Progress);
    }

    [Fact]
    public void Ring_AnyWritesAndReads_IsAQueueOfBoundedSize() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3], Gen.Bool.Array[0, 200]).Sample((capacityBits, width, steps) =>
        {
            var ring = new ResultRing(1 << capacityBits, width);
            var model = new Queue<long>();
            var next = 0L;
            foreach (var isWrite in steps)
            {
                if (isWrite)
                {
                    var written = ring.TryWrite(Rows.Pane(next), Enumerable.Repeat(~next, width).ToArray());
                    Assert.Equal(model.Count < ring.CapacityRows, written);
                    if (written)
                        model.Enqueue(next++);
                }
                else if (model.TryDequeue(out var expected))
                {
                    Assert.False(ring.IsEmpty);
                    Assert.Equal(expected, ring.Head.Sequence);
                    Assert.Equal(Enumerable.Repeat(~expected, width), ring.HeadValues.ToArray());
                    ring.Advance();
                }

                Assert.Equal(model.Count == 0, ring.IsEmpty);
                Assert.Equal(ring.CapacityRows - model.Count, ring.Room);
            }
        });

    [Fact]
    public async Task Ring_TwoThreads_HandsOverEveryRowOnceInOrderAndWhole()
    {
        const int Rowcount = 300_000;
        var ring = new ResultRing(64, 2);
        using var guard = new CancellationTokenSource(Guard);
        var writer = Task.Run(
            () =>
            {
                for (var row = 0L; row < Rowcount; row++)
                {
                    while (!ring.TryWrite(Rows.Pane(row, key: (int)row), [row, -row]))
                    {
                        guard.Token.ThrowIfCancellationRequested();
                        Thread.Yield();
                    }
                }
            },
            guard.Token);

        for (var row = 0L; row < Rowcount; row++)
        {
            while (ring.IsEmpty)
            {
                guard.Token.ThrowIfCancellationRequested();
                Thread.Yield();
            }

            if (ring.Head.Sequence != row || ring.Head.KeyId != row || ring.HeadValues[0] != row
                || ring.HeadValues[1] != -row)
            {
                Assert.Fail($"Row {row} came as sequence {ring.Head.Sequence}.");
            }

            ring.Advance();
        }

        await writer;
        Assert.True(ring.IsEmpty);
    }

    [Fact]
    public void Positions_Layout_KeepsWriterReaderAndNeighboursApart()
    {
        var positions = default(ResultRing.Positions);
        ref var begin = ref Unsafe.As<ResultRing.Positions, byte>(ref positions);
        var written = (int)Unsafe.ByteOffset(ref begin, ref Unsafe.As<long, byte>(ref positions.Written));
        var writersLast = (int)Unsafe.ByteOffset(ref begin, ref Unsafe.As<long, byte>(ref positions.CachedRead));
        var read = (int)Unsafe.ByteOffset(ref begin, ref Unsafe.As<long, byte>(ref positions.Read));
        var readersLast = (int)Unsafe.ByteOffset(ref begin, ref Unsafe.As<long, byte>(ref positions.CachedWritten));
        Assert.True(written >= 128);
        Assert.True(read - written >= 128 && read > writersLast);
        Assert.True(Unsafe.SizeOf<ResultRing.Positions>() - readersLast >= 112);
    }
}
