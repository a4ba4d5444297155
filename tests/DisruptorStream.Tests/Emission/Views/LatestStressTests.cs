using DisruptorStream.Emission;
using DisruptorStream.Emission.Views;

namespace DisruptorStream.Tests.Emission.Views;

/// <summary>Many threads read while one writes: what they see is always the whole of one firing.</summary>
public sealed class LatestStressTests
{
    private const int Firings = 4000;
    private const int Readers = 6;

    [Fact]
    public async Task Read_WhileFiringsComeInParts_IsNeverAMixture()
    {
        var latest = new LatestResults<string>();
        var view = new Views(latest);
        using var ready = new CountdownEvent(Readers);
        var done = 0;
        var readers = Enumerable.Range(0, Readers).Select(reader => Task.Factory.StartNew(
            () =>
            {
                ready.Signal();
                var (snapshot, last, rounds) = (new LatestSnapshot<string>(), -1L, 0);
                do
                {
                    last = (reader & 1) == 0 ? CheckSnapshot(latest, snapshot, last) : CheckKey(latest, last);
                    rounds++;
                }
                while (Volatile.Read(ref done) == 0);
                return rounds;
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)).ToArray();
        ready.Wait(TestContext.Current.CancellationToken);

        for (var sequence = 0; sequence < Firings; sequence++)
            Fire(view, sequence);
        view.Flush();
        Volatile.Write(ref done, 1);

        Assert.All(await Task.WhenAll(readers), rounds => Assert.True(rounds > 0));
        Assert.Equal(Firings - 1, CheckSnapshot(latest, new LatestSnapshot<string>(), -1));
    }

    /// <summary>How many keys a firing leaves: it moves up and down, so that rows move and go.</summary>
    private static int KeysOf(long sequence) => 20 + (int)(Math.Abs((sequence % 80) - 40));

    private static void Fire(Views view, int sequence)
    {
        var (count, before) = (KeysOf(sequence), sequence == 0 ? 0 : KeysOf(sequence - 1));
        for (var key = 0; key < count; key += 7)
        {
            var part = Enumerable.Range(key, Math.Min(7, count - key));
            view.Give([.. part.Select(one => Rows.Pane(sequence, end: 10 + sequence, key: one))]);

            // The emitting thread has come to an end in the middle of the firing.
            if (key % 3 == 0)
                view.Progress(sequence - 1, sequence - 1);
        }

        for (var key = count; key < before; key++)
            view.Retire($"key{key}", sequence);
        if (sequence % 5 != 0)
            view.Progress(sequence, sequence);
    }

    private static long CheckSnapshot(LatestResults<string> latest, LatestSnapshot<string> snapshot, long last)
    {
        latest.Read(snapshot);
        if (snapshot.Sequence < 0)
            return last;
        Assert.True(snapshot.Sequence >= last);
        Assert.True(snapshot.WatermarkTicks is null || snapshot.WatermarkTicks <= snapshot.Sequence);
        Assert.Equal(KeysOf(snapshot.Sequence), snapshot.Count);
        foreach (var row in snapshot)
            CheckRow(row, snapshot.Sequence);
        for (var key = 0; key < snapshot.Count; key++)
            Assert.True(snapshot.TryGet($"key{key}", out var found) && found.Key == $"key{key}");
        return snapshot.Sequence;
    }

    private static long CheckKey(LatestResults<string> latest, long last)
    {
        if (!latest.TryGet("key3", out var row))
            return last;
        Assert.Equal("key3", row.Key);
        Assert.True(row.Sequence >= last);
        CheckRow(row, row.Sequence);
        return row.Sequence;
    }

    private static void CheckRow(WindowResult<string> row, long sequence)
    {
        if ((row.Sequence, row.Window.EndTicks, row.GetInt64(0), row[1])
            != (sequence, sequence + 10, sequence, sequence / 2.0))
        {
            Assert.Fail($"{row} in the state of {sequence}");
        }
    }
}
