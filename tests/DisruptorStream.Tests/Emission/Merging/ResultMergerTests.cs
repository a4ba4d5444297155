using CsCheck;
using DisruptorStream.Emission.Merging;
using DisruptorStream.State.Panes;

namespace DisruptorStream.Tests.Emission.Merging;

public sealed class ResultMergerTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(120);

    // A row is (sequence, end, key); the key picks the shard. Few values make ties likely.
    private static readonly Gen<(int Sequence, int End, int Key)[]> AnyRows =
        Gen.Select(Gen.Int[0, 20], Gen.Int[0, 3], Gen.Int[0, 11]).Array[0, 60];

    [Fact]
    public void TryTake_AnyInterleaving_GivesTheSortedRowsAndNeverOvertakes() =>
        Gen.Select(AnyRows, Gen.Int[1, 4], Gen.Int[0, 2], Gen.Int[1, 5], Gen.Int[0, 3].Array[300]).Sample(
            (rows, shards, capacityBits, maxRows, schedule) =>
            {
                var sorted = Sorted(rows);
                var rings = Enumerable.Range(0, shards).Select(_ => new ResultRing(1 << capacityBits, 1)).ToArray();
                var sources = Split(sorted, shards);
                var merger = new ResultMerger(rings);
                var output = new Rows.Recorder();

                foreach (var shard in schedule.Where(shard => shard < shards))
                {
                    Step(rings[shard], sources[shard]);
                    TakeOnce(merger, output, sorted, maxRows);
                }

                for (var round = 0; round < 200 && output.Taken.Count < sorted.Length; round++)
                {
                    for (var shard = 0; shard < shards; shard++)
                        Step(rings[shard], sources[shard]);

                    TakeOnce(merger, output, sorted, maxRows);
                }

                Assert.Equal(sorted.Length, output.Taken.Count);
            });

    [Fact]
    public void TryTake_OtherRingEmptyWithoutProgress_HoldsTheRowBack()
    {
        ResultRing[] rings = [new(4, 0), new(4, 0)];
        var merger = new ResultMerger(rings);
        var output = new Rows.Recorder();
        rings[0].TryWrite(Rows.Pane(5), []);
        rings[1].CompleteThrough(4);
        Assert.False(merger.TryTake(output, 10, out var taken));
        Assert.Equal(0, taken);
        Assert.Equal(4, merger.CompletedThrough);

        rings[1].CompleteThrough(5);
        Assert.True(merger.TryTake(output, 10, out taken));
        Assert.Equal(1, taken);
    }

    [Fact]
    public void TryTake_OneRing_NeedsNoProgress()
    {
        var ring = new ResultRing(4, 0);
        ring.TryWrite(Rows.Pane(5), []);
        ring.TryWrite(Rows.Pane(6), []);
        var merger = new ResultMerger([ring]);
        var output = new Rows.Recorder();
        Assert.True(merger.TryTake(output, 1, out var taken));
        Assert.Equal(1, taken);
        Assert.Equal(5, merger.CompletedThrough);

        Assert.True(merger.TryTake(output, 9, out _));
        ring.CompleteThrough(8);
        Assert.False(merger.TryTake(output, 9, out _));
        Assert.Equal(8, merger.CompletedThrough);
    }

    [Fact]
    public async Task TryTake_ShardsOnTheirOwnThreads_GivesTheSortedRows()
    {
        const int Shards = 3;
        const int Sequences = 60_000;
        var rings = Enumerable.Range(0, Shards).Select(_ => new ResultRing(32, 1)).ToArray();
        using var guard = new CancellationTokenSource(Guard);
        var writers = Enumerable.Range(0, Shards)
            .Select(shard => Task.Run(() => WriteShard(rings[shard], shard, Sequences, guard.Token), guard.Token))
            .ToArray();

        var merger = new ResultMerger(rings);
        var checker = new OrderChecker();
        while (merger.CompletedThrough < Sequences - 1)
        {
            guard.Token.ThrowIfCancellationRequested();
            if (!merger.TryTake(checker, 256, out _))
                Thread.Yield();
        }

        await Task.WhenAll(writers);
        Assert.Equal(Enumerable.Range(0, Shards).Sum(shard => RowsOf(shard, Sequences)), checker.Count);
        Assert.True(checker.IsSorted);
    }

    // Shard s writes a row at each sequence that s + 1 divides, so that shards often meet at one sequence.
    private static int RowsOf(int shard, int sequences) => ((sequences - 1) / (shard + 1)) + 1;

    private static void WriteShard(ResultRing ring, int shard, int sequences, CancellationToken guard)
    {
        for (var sequence = 0L; sequence < sequences; sequence++)
        {
            while (sequence % (shard + 1) == 0 && !ring.TryWrite(Rows.Pane(sequence, key: shard), [sequence]))
            {
                guard.ThrowIfCancellationRequested();
                Thread.Yield();
            }

            ring.CompleteThrough(sequence);
        }
    }

    private static void TakeOnce(ResultMerger merger, Rows.Recorder output, ResultHeader[] sorted, int maxRows)
    {
        var before = output.Taken.Count;
        var moved = merger.TryTake(output, maxRows, out var taken);
        Assert.Equal(taken > 0, moved);
        Assert.Equal(before + taken, output.Taken.Count);
        Assert.True(taken <= maxRows);
        for (var row = before; row < output.Taken.Count; row++)
        {
            Assert.Equal(sorted[row], output.Taken[row].Header);
            Assert.Equal(sorted[row].Sequence, output.Taken[row].Values[0]);
        }

        // The frontier is a promise: what is left lies behind it.
        if (output.Taken.Count < sorted.Length)
            Assert.True(merger.CompletedThrough < sorted[output.Taken.Count].Sequence);
    }

    private static void Step(ResultRing ring, Queue<ResultHeader> source)
    {
        if (!source.TryPeek(out var row))
        {
            ring.CompleteThrough(long.MaxValue);
            return;
        }

        ring.CompleteThrough(row.Sequence - 1);
        if (ring.TryWrite(in row, [row.Sequence]))
            source.Dequeue();
    }

    private static Queue<ResultHeader>[] Split(ResultHeader[] sorted, int shards) =>
        [.. Enumerable.Range(0, shards).Select(shard =>
            new Queue<ResultHeader>(sorted.Where(row => row.KeyId % shards == shard)))];

    private static ResultHeader[] Sorted((int Sequence, int End, int Key)[] rows)
    {
        var headers = rows.Distinct().Select(row => Rows.Pane(row.Sequence, row.End, key: row.Key)).ToArray();
        Array.Sort(headers, (a, b) => ResultHeader.Compare(in a, in b));
        return headers;
    }

    private sealed class OrderChecker : ResultOutput
    {
        private ResultHeader _last = Rows.Pane(long.MinValue);

        public int Count { get; private set; }

        public bool IsSorted { get; private set; } = true;

        public override void Add(in ResultHeader header, ReadOnlySpan<long> values)
        {
            IsSorted &= ResultHeader.Compare(in _last, in header) < 0 && values[0] == header.Sequence;
            _last = header;
            Count++;
        }

        public override void Flush()
        {
        }
    }
}
