using CsCheck;
using DisruptorStream.Emission;
using DisruptorStream.Emission.Delivery;
using Microsoft.Extensions.Time.Testing;

namespace DisruptorStream.Tests.Emission.Delivery;

public sealed class ResultStreamTests
{
    private const int GuardMilliseconds = 30_000;
    private static readonly TimeSpan Guard = TimeSpan.FromMilliseconds(GuardMilliseconds);

    [Fact]
    public void TryWrite_MoreThanFits_TakesWhatFits()
    {
        var stream = new ResultStream<string>(3);
        var batch = Rows.Owned(5);
        Assert.Equal(3, stream.TryWrite(batch, 0));
        Assert.True(stream.IsFull);
        Assert.Equal(0, stream.TryWrite(batch, 3));
        Assert.True(stream.TryRead(out var first));
        Assert.Equal(0, first.Sequence);
        Assert.Equal(1, stream.TryWrite(batch, 3));
        Assert.Equal(3, stream.Count);
    }

    [Fact]
    public void TryWrite_OverflowAllowed_TakesEverythingAndSaysWhenFull()
    {
        var stream = new ResultStream<string>(3, overflowAllowed: true);
        Assert.Equal(2, stream.TryWrite(Rows.Owned(2), 0));
        Assert.False(stream.IsFull);
        Assert.Equal(5, stream.TryWrite(Rows.Owned(5), 0));
        Assert.True(stream.IsFull);
        Assert.Equal(7, stream.Count);
        Assert.True(stream.WaitToWrite(GuardMilliseconds, CancellationToken.None));
        Assert.Equal(0, stream.BlockedCount);
    }

    [Fact]
    public void Stream_AnyWritesAndReads_IsAQueueOfBoundedSize() =>
        Gen.Select(Gen.Int[1, 6], Gen.Int[-1, 8].Array[0, 60]).Sample((capacity, steps) =>
        {
            var stream = new ResultStream<string>(capacity);
            var model = new Queue<long>();
            var next = 0L;
            foreach (var step in steps)
            {
                if (step < 0)
                {
                    Assert.Equal(model.TryDequeue(out var expected), stream.TryRead(out var result));
                    if (!result.Equals(default(WindowResult<string>)))
                        Assert.Equal(expected, result.Sequence);
                }
                else
                {
                    var written = stream.TryWrite(Rows.Owned(step, next), 0);
                    Assert.Equal(Math.Min(step, capacity - model.Count), written);
                    for (var row = 0; row < written; row++)
                        model.Enqueue(next++);
                }
            }

            Assert.Equal(model.Count, stream.Count);
        });

    [Fact]
    public void WaitToWrite_NoReader_ReturnsWhenTimeIsOverAndShowsTheBlock()
    {
        var stream = Full(2);
        Assert.False(stream.WaitToWrite(1, CancellationToken.None));
        Assert.False(stream.WaitToWrite(1, CancellationToken.None));
        Assert.True(stream.IsBlocked);
        Assert.False(stream.IsReaderAttached);
        Assert.Equal(1, stream.BlockedCount);
        Assert.True(stream.BlockedTicks > 0);

        Assert.True(stream.TryRead(out _));
        Assert.True(stream.WaitToWrite(1, CancellationToken.None));
        Assert.Equal(1, stream.TryWrite(Rows.Owned(1), 0));
        Assert.False(stream.IsBlocked);
    }

    [Fact]
    public void WaitToWrite_Cancelled_ReturnsAtOnce()
    {
        var stream = Full(1);
        Assert.False(stream.WaitToWrite(GuardMilliseconds, new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task WaitToWrite_CancelledWhileWaiting_Returns()
    {
        var stream = Full(1);
        using var abort = new CancellationTokenSource();
        var waiting = Task.Run(
            () => stream.WaitToWrite(Timeout.Infinite, abort.Token), TestContext.Current.CancellationToken);
        await UntilBlocked(stream);
        await abort.CancelAsync();
        Assert.False(await waiting.WaitAsync(Guard, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task WaitToWrite_ReaderDrainsHalf_IsWoken()
    {
        var stream = Full(4);
        var waiting = Task.Run(
            () => stream.WaitToWrite(Timeout.Infinite, CancellationToken.None), TestContext.Current.CancellationToken);
        await UntilBlocked(stream);
        Assert.True(stream.TryRead(out _));
        Assert.True(stream.TryRead(out _));
        Assert.True(await waiting.WaitAsync(Guard, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task WaitToWrite_Completed_Returns()
    {
        var stream = Full(1);
        var waiting = Task.Run(
            () => stream.WaitToWrite(Timeout.Infinite, CancellationToken.None), TestContext.Current.CancellationToken);
        await UntilBlocked(stream);
        stream.Complete();
        Assert.False(await waiting.WaitAsync(Guard, TestContext.Current.CancellationToken));
        Assert.False(stream.IsBlocked);
        Assert.Equal(0, stream.TryWrite(Rows.Owned(1), 0));
    }

    [Fact]
    public void BlockedTicks_TimeProviderStandsStill_AreNone()
    {
        var stream = new ResultStream<string>(1, timeProvider: new FakeTimeProvider());
        stream.TryWrite(Rows.Owned(1), 0);
        Assert.False(stream.WaitToWrite(1, CancellationToken.None));
        Assert.Equal((1, 0), (stream.BlockedCount, stream.BlockedTicks));
    }

    [Fact]
    public async Task ReadAllAsync_Completed_EndsAfterDraining()
    {
        var stream = Full(3);
        stream.Complete();
        Assert.Equal([0, 1, 2], await ReadSequences(stream));
        Assert.Empty(await ReadSequences(stream));
    }

    [Fact]
    public async Task ReadAllAsync_CompletedWithError_DrainsThenThrowsIt()
    {
        var stream = Full(2);
        stream.Complete(new InvalidOperationException("the cause"));
        stream.Complete();
        var read = new List<long>();
        var error = await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await foreach (var result in stream.ReadAllAsync(TestContext.Current.CancellationToken))
                read.Add(result.Sequence);
        });
        Assert.Equal("the cause", error.Message);
        Assert.Equal([0, 1], read);
        Assert.Throws<InvalidOperationException>(() => stream.TryRead(out _));
    }

    [Fact]
    public async Task ReadAllAsync_CancelledWhileWaiting_Throws()
    {
        var stream = new ResultStream<string>(2);
        using var cancel = new CancellationTokenSource();
        await using var reader = stream.ReadAllAsync(cancel.Token).GetAsyncEnumerator(cancel.Token);
        var next = reader.MoveNextAsync().AsTask();
        Assert.True(stream.IsReaderAttached);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
        Assert.False(stream.IsReaderAttached);
    }

    [Fact]
    public async Task ReadAllAsync_CancelledWithResultsLeft_ThrowsAndLeavesThem()
    {
        var stream = Full(3);
        using var cancel = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in stream.ReadAllAsync(cancel.Token))
                await cancel.CancelAsync();
        });
        Assert.Equal(2, stream.Count);
    }

    [Fact]
    public async Task ReadAllAsync_SecondReader_IsRefusedAndTheFirstGoesOn()
    {
        var stream = Full(2);
        var token = TestContext.Current.CancellationToken;
        await using (var first = stream.ReadAllAsync(token).GetAsyncEnumerator(token))
        {
            Assert.True(await first.MoveNextAsync());
            await using var second = stream.ReadAllAsync(token).GetAsyncEnumerator(token);
            var error = await Assert.ThrowsAsync<InvalidOperationException>(async () => await second.MoveNextAsync());
            Assert.Contains("IResultSink", error.Message, StringComparison.Ordinal);
            Assert.Throws<InvalidOperationException>(() => stream.TryRead(out _));
            Assert.True(await first.MoveNextAsync());
            Assert.Equal(1, first.Current.Sequence);
        }

        stream.TryWrite(Rows.Owned(1, firstSequence: 7), 0);
        stream.Complete();
        Assert.Equal([7], await ReadSequences(stream));
    }

    [Fact]
    public void HasReader_BeforeAndAfterAPull_FalseThenTrue()
    {
        var stream = new ResultStream<string>(2);
        Assert.False(stream.HasReader);
        Assert.False(stream.TryRead(out _));
        Assert.True(stream.HasReader);
        Assert.True(stream.IsReaderAttached);
    }

    [Fact]
    public async Task Stream_WriterAndReaderConcurrently_EveryResultOnceInOrder()
    {
        const int Results = 50_000;
        var stream = new ResultStream<string>(16);
        using var guard = new CancellationTokenSource(Guard);
        var writer = Task.Run(
            () =>
            {
                for (var next = 0; next < Results;)
                {
                    var batch = Rows.Owned(Math.Min(40, Results - next), next);
                    for (var row = 0; row < batch.Count;)
                    {
                        guard.Token.ThrowIfCancellationRequested();
                        row += stream.TryWrite(batch, row);
                        if (row < batch.Count)
                            stream.WaitToWrite(50, guard.Token);
                    }

                    next += batch.Count;
                }

                stream.Complete();
            },
            guard.Token);

        var expected = 0L;
        await foreach (var result in stream.ReadAllAsync(guard.Token))
        {
            if (result.Sequence != expected++)
                Assert.Fail($"Result {expected - 1} came as sequence {result.Sequence}.");
        }

        await writer;
        Assert.Equal(Results, expected);
    }

    private static ResultStream<string> Full(int capacity)
    {
        var stream = new ResultStream<string>(capacity);
        Assert.Equal(capacity, stream.TryWrite(Rows.Owned(capacity), 0));
        return stream;
    }

    private static async Task UntilBlocked(ResultStream<string> stream)
    {
        using var guard = new CancellationTokenSource(Guard);
        while (!stream.IsBlocked)
        {
            guard.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static async Task<List<long>> ReadSequences(ResultStream<string> stream)
    {
        var sequences = new List<long>();
        await foreach (var result in stream.ReadAllAsync(TestContext.Current.CancellationToken))
            sequences.Add(result.Sequence);

        return sequences;
    }
}
