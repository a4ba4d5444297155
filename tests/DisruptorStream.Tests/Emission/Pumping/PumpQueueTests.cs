using CsCheck;
using DisruptorStream.Emission;
using DisruptorStream.Emission.Pumping;

namespace DisruptorStream.Tests.Emission.Pumping;

/// <summary>What is looked at before it is taken is what is taken, in order, and counted when it is taken.</summary>
public sealed class PumpQueueTests
{
    private const int Most = 5;

    /// <summary>0: takes; -1: looks ahead; -2: throws all away; above: adds so many.</summary>
    private static readonly Gen<int[]> Acts = Gen.Int[-2, 7].Array[0, 40];

    [Fact]
    public void LookAhead_AmongAddsAndTakes_IsWhatIsTakenNext() => Acts.Sample(acts =>
    {
        var queue = new PumpQueue<string>();
        var model = new Queue<(long Sequence, long Timestamp)>();
        WindowResult<string>[]? ahead = null;
        var (added, taken) = (0L, 0L);
        foreach (var act in acts)
        {
            if (act > 0)
            {
                queue.Add(Rows.Owned(act, added), firstRow: 0, act, timestamp: added);
                for (var row = 0; row < act; row++)
                    model.Enqueue((added + row, added));
                added += act;
            }
            else if (act == -2)
            {
                Assert.Equal(model.Count, queue.Clear());
                (taken, ahead) = (added, null);
                model.Clear();
            }
            else if (model.Count > 0 && act == -1)
            {
                var looked = queue.LookAhead(Most);
                Assert.Equal(model.Take(looked.Length).Select(row => row.Sequence), Sequences(looked));
                ahead = looked;
            }
            else if (model.Count > 0)
            {
                var results = queue.Take(Most);
                Assert.True(ahead is null || ReferenceEquals(ahead, results));
                Assert.Equal(ahead?.Length ?? Math.Min(Most, model.Count), results.Length);
                Assert.Equal(results.Select(_ => model.Dequeue().Sequence), Sequences(results));
                (taken, ahead) = (taken + results.Length, null);
            }

            Assert.Equal((added, taken, model.Count), (queue.Added, queue.Taken, queue.Count));
            if (model.Count > 0)
                Assert.Equal(model.Peek().Timestamp, queue.OldestTimestamp);
        }
    });

    private static long[] Sequences(WindowResult<string>[] results) => [.. results.Select(result => result.Sequence)];
}
