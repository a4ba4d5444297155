namespace DisruptorStream.Testing.Contracts;

/// <content>What each check does.</content>
public abstract partial class DurableSinkContract<TKey>
{
    private static async Task EmptyTargetAsync(ContractRun<TKey> run, CancellationToken token)
    {
        var sink = await run.OpenAsync(Owner(1), expected: 0, token).ConfigureAwait(false);
        await run.RequireHeldAsync(sink.Sink.Guarantee, 0).ConfigureAwait(false);
    }

    private static async Task StoredTogetherAsync(ContractRun<TKey> run, CancellationToken token)
    {
        var sink = await run.OpenAsync(Owner(1), 0, token).ConfigureAwait(false);
        await sink.WriteAsync(1, 3, token).ConfigureAwait(false);
        await sink.WriteAsync(4, 4, token).ConfigureAwait(false);
        await run.RequireHeldAsync(sink.Sink.Guarantee, 4).ConfigureAwait(false);
        await run.AbandonAsync(sink).ConfigureAwait(false);
        var next = await run.OpenAsync(Owner(2), 4, token).ConfigureAwait(false);
        await next.WriteAsync(5, 9, token).ConfigureAwait(false);
        await run.RequireHeldAsync(sink.Sink.Guarantee, 9).ConfigureAwait(false);
    }

    private static async Task RepeatAsync(ContractRun<TKey> run, CancellationToken token)
    {
        var sink = await run.OpenAsync(Owner(1), 0, token).ConfigureAwait(false);
        await sink.WriteAsync(1, 5, token).ConfigureAwait(false);
        await sink.WriteAsync(1, 5, token).ConfigureAwait(false);
        await sink.WriteAsync(2, 3, token).ConfigureAwait(false);
        await sink.WriteAsync(4, 8, token).ConfigureAwait(false);
        await run.RequireHeldAsync(sink.Sink.Guarantee, 8).ConfigureAwait(false);
        await run.AbandonAsync(sink).ConfigureAwait(false);
        var next = await run.OpenAsync(Owner(2), 8, token).ConfigureAwait(false);
        await next.WriteAsync(7, 9, token).ConfigureAwait(false);
        await run.RequireHeldAsync(sink.Sink.Guarantee, 9).ConfigureAwait(false);
    }

    private static async Task GapAsync(ContractRun<TKey> run, CancellationToken token)
    {
        var sink = await run.OpenAsync(Owner(1), 0, token).ConfigureAwait(false);
        await run.RequireRefusedAsync("a first write that begins with 2", () => sink.WriteAsync(2, 3, token))
            .ConfigureAwait(false);
        await sink.WriteAsync(1, 3, token).ConfigureAwait(false);
        await run.RequireRefusedAsync(
            "a write that begins with 5 where the target holds up to 3", () => sink.WriteAsync(5, 6, token))
            .ConfigureAwait(false);
        await run.RequireHeldAsync(sink.Sink.Guarantee, 3).ConfigureAwait(false);
        await sink.WriteAsync(4, 6, token).ConfigureAwait(false);
        await run.RequireHeldAsync(sink.Sink.Guarantee, 6).ConfigureAwait(false);
    }

    private async Task KilledAsync(ContractRun<TKey> run, CancellationToken token)
    {
        for (var step = 1; step <= MostSteps; step++)
        {
            await ResetAsync().ConfigureAwait(false);
            var sink = await run.OpenAsync(Owner(1), 0, token).ConfigureAwait(false);
            await sink.WriteAsync(1, 3, token).ConfigureAwait(false);
            var isKilled = await KillAsync(run, sink, step, token).ConfigureAwait(false);
            await run.AbandonAsync(sink).ConfigureAwait(false);
            await GoOnAsync(run, token).ConfigureAwait(false);
            if (!isKilled)
                return;
        }
    }

    private async Task UnknownOutcomeAsync(ContractRun<TKey> run, CancellationToken token)
    {
        for (var step = 1; step <= MostSteps; step++)
        {
            await ResetAsync().ConfigureAwait(false);
            var sink = await run.OpenAsync(Owner(1), 0, token).ConfigureAwait(false);
            await sink.WriteAsync(1, 3, token).ConfigureAwait(false);
            if (!await KillAsync(run, sink, step, token).ConfigureAwait(false))
                return;

            // The caller cannot know whether it is stored, and does what its policy says: the same once more.
            await sink.WriteAsync(4, 6, token).ConfigureAwait(false);
            await sink.WriteAsync(7, 7, token).ConfigureAwait(false);
            await run.RequireHeldAsync(sink.Sink.Guarantee, 7).ConfigureAwait(false);
            await run.AbandonAsync(sink).ConfigureAwait(false);
            await run.AbandonAsync(await run.OpenAsync(Owner(2), 7, token).ConfigureAwait(false))
                .ConfigureAwait(false);
        }
    }

    private async Task CancelledAsync(ContractRun<TKey> run, CancellationToken token)
    {
        for (var step = 0; step <= MostSteps; step++)
        {
            await ResetAsync().ConfigureAwait(false);
            var sink = await run.OpenAsync(Owner(1), 0, token).ConfigureAwait(false);
            await sink.WriteAsync(1, 3, token).ConfigureAwait(false);
            using var cancel = CancellationTokenSource.CreateLinkedTokenSource(token);
            if (step == 0)
                await cancel.CancelAsync().ConfigureAwait(false);
            run.Arm((at, _) =>
            {
                if (at == step)
                    cancel.Cancel();
            });
            await ContractRun<TKey>.FailureOfAsync(() => sink.WriteAsync(4, 6, cancel.Token)).ConfigureAwait(false);
            run.Disarm();
            await run.AbandonAsync(sink).ConfigureAwait(false);
            await GoOnAsync(run, token).ConfigureAwait(false);
            if (run.Steps < step)
                return;
        }
    }

    private static async Task StaleEpochAsync(ContractRun<TKey> run, CancellationToken token)
    {
        var older = await run.OpenAsync(Owner(4), 0, token).ConfigureAwait(false);
        await older.WriteAsync(1, 3, token).ConfigureAwait(false);
        var newer = await run.OpenAsync(Owner(5), 3, token).ConfigureAwait(false);
        await run.RequireRefusedAsync(
            "a write of an owner with epoch 4, after one with epoch 5 has opened,",
            () => older.WriteAsync(4, 5, token)).ConfigureAwait(false);
        await run.RequireHeldAsync(newer.Sink.Guarantee, 3).ConfigureAwait(false);
        await run.RequireRefusedAsync(
            "opening with epoch 4, after one with epoch 5 has opened,", () => older.OpenAsync(Owner(4), token))
            .ConfigureAwait(false);
        await newer.WriteAsync(4, 6, token).ConfigureAwait(false);
        await run.RequireRefusedAsync(
            "another write of the older owner", () => older.WriteAsync(7, 7, token)).ConfigureAwait(false);
        await run.RequireHeldAsync(newer.Sink.Guarantee, 6).ConfigureAwait(false);
    }

    /// <summary>A second owner opens at each step of a write of the first one.</summary>
    private async Task TwoOwnersAsync(ContractRun<TKey> run, CancellationToken token)
    {
        for (var step = 1; step <= MostSteps; step++)
        {
            await ResetAsync().ConfigureAwait(false);
            var older = await run.OpenAsync(Owner(1), 0, token).ConfigureAwait(false);
            await older.WriteAsync(1, 3, token).ConfigureAwait(false);
            var newer = run.NewSink();
            Task<long>? opening = null;
            run.Arm((at, _) =>
            {
                if (at != step || opening is not null)
                    return;
                opening = Task.Run(() => newer.OpenAsync(Owner(2), token), token);

                // It may have to wait for the write: then that goes on.
                Task.WaitAny([opening], (int)Pause.TotalMilliseconds, token);
            });
            var failure = await ContractRun<TKey>.FailureOfAsync(() => older.WriteAsync(4, 6, token))
                .ConfigureAwait(false);
            run.Disarm();
            var isOver = opening is null;
            var held = await (opening ?? newer.OpenAsync(Owner(2), token)).ConfigureAwait(false);
            run.Require(
                held >= 6 || failure is not null,
                $"a write up to number 6 succeeds, and an owner that opened meanwhile is told that the target holds "
                + $"{held}");
            await run.RequireHeldAsync(newer.Sink.Guarantee, held).ConfigureAwait(false);
            await run.RequireRefusedAsync(
                "a write of the older owner", () => older.WriteAsync(held + 1, held + 2, token)).ConfigureAwait(false);
            await newer.WriteAsync(held + 1, 8, token).ConfigureAwait(false);
            await run.RequireHeldAsync(newer.Sink.Guarantee, 8).ConfigureAwait(false);
            await run.AbandonAsync(older).ConfigureAwait(false);
            await run.AbandonAsync(newer).ConfigureAwait(false);
            if (isOver)
                return;
        }
    }

    private static async Task SameOwnerAsync(ContractRun<TKey> run, CancellationToken token)
    {
        var sink = await run.OpenAsync(Owner(1), 0, token).ConfigureAwait(false);
        await sink.WriteAsync(1, 3, token).ConfigureAwait(false);
        var held = await sink.OpenAsync(Owner(1), token).ConfigureAwait(false);
        run.Require(held == 3, $"opened again, the sink says {held}, and holds 3");
        await sink.WriteAsync(3, 5, token).ConfigureAwait(false);
        await run.RequireHeldAsync(sink.Sink.Guarantee, 5).ConfigureAwait(false);
    }

    private static async Task OtherStreamAsync(ContractRun<TKey> run, CancellationToken token)
    {
        var sink = await run.OpenAsync(Owner(1), 0, token).ConfigureAwait(false);
        await sink.WriteAsync(1, 3, token).ConfigureAwait(false);
        await run.AbandonAsync(sink).ConfigureAwait(false);
        foreach (var epoch in (long[])[1, 2])
        {
            var other = run.NewSink();
            await run.RequireRefusedAsync(
                "opening for another stream, whose numbers mean other results,",
                () => other.OpenAsync(Owner(epoch, 'b'), token)).ConfigureAwait(false);
            await run.AbandonAsync(other).ConfigureAwait(false);
        }

        var same = await run.OpenAsync(Owner(2), 3, token).ConfigureAwait(false);
        await same.WriteAsync(4, 5, token).ConfigureAwait(false);
        await run.RequireHeldAsync(same.Sink.Guarantee, 5).ConfigureAwait(false);
    }

    private async Task SetBackAsync(ContractRun<TKey> run, CancellationToken token)
    {
        var first = await run.OpenAsync(Owner(1), 0, token).ConfigureAwait(false);
        await first.WriteAsync(1, 3, token).ConfigureAwait(false);
        await run.AbandonAsync(first).ConfigureAwait(false);
        var restore = await CopyAsync().ConfigureAwait(false);
        var second = await run.OpenAsync(Owner(2), 3, token).ConfigureAwait(false);
        await second.WriteAsync(4, 6, token).ConfigureAwait(false);
        await run.AbandonAsync(second).ConfigureAwait(false);
        await restore().ConfigureAwait(false);

        // It must not pass over the results between: either it says what is there now, or that something is wrong.
        var third = run.NewSink();
        var held = await third.OpenAsync(Owner(3), token).ConfigureAwait(false);
        run.Require(held == 3, $"the target was set back to number 3, and OpenAsync says {held}");
        await run.RequireRefusedAsync(
            "a write that goes on where the target was before", () => third.WriteAsync(7, 8, token))
            .ConfigureAwait(false);
        await third.WriteAsync(4, 7, token).ConfigureAwait(false);
        await run.RequireHeldAsync(third.Sink.Guarantee, 7).ConfigureAwait(false);
    }

    private async Task LostAsync(ContractRun<TKey> run, CancellationToken token)
    {
        var first = await run.OpenAsync(Owner(1), 0, token).ConfigureAwait(false);
        await first.WriteAsync(1, 3, token).ConfigureAwait(false);
        await run.AbandonAsync(first).ConfigureAwait(false);
        await LoseAsync().ConfigureAwait(false);
        var next = run.NewSink();
        var held = 0L;
        if (await ContractRun<TKey>.FailureOfAsync(async () => held = await next.OpenAsync(Owner(2), token)
            .ConfigureAwait(false)).ConfigureAwait(false) is not null)
        {
            return;
        }

        run.Require(held == 0, $"the target was lost, and OpenAsync says that it holds results up to {held}");
        await next.WriteAsync(1, 2, token).ConfigureAwait(false);
        await run.RequireHeldAsync(next.Sink.Guarantee, 2).ConfigureAwait(false);
    }

    private async Task OrdinaryOwnerAsync(ContractRun<TKey> run, CancellationToken token)
    {
        var durable = await run.OpenAsync(Owner(3), 0, token).ConfigureAwait(false);
        await durable.WriteAsync(1, 3, token).ConfigureAwait(false);
        var ordinary = run.NewSink();
        await ordinary.OpenAsync(Owner(0), token).ConfigureAwait(false);
        await ordinary.WriteAsync(11, 12, token).ConfigureAwait(false);
        await run.AbandonAsync(ordinary).ConfigureAwait(false);
        List<long> numbers = [.. await ReadNumbersAsync().ConfigureAwait(false)];
        run.Require(
            numbers.Contains(11) && numbers.Contains(12),
            $"an owner with epoch 0 wrote results 11 and 12, and the target has {string.Join(", ", numbers)}");
        await durable.WriteAsync(4, 5, token).ConfigureAwait(false);
        await run.AbandonAsync(durable).ConfigureAwait(false);
        await run.OpenAsync(Owner(4), 5, token).ConfigureAwait(false);
    }

    /// <summary>Ends a write of 4 to 6 at a step. False where it has no such step, and so is done.</summary>
    private static async Task<bool> KillAsync(
        ContractRun<TKey> run, SinkUnderTest<TKey> sink, int step, CancellationToken token)
    {
        var killed = "";
        run.Arm((at, name) =>
        {
            if (at != step)
                return;
            killed = name;
            throw new SinkKilledException();
        });
        var failure = await ContractRun<TKey>.FailureOfAsync(() => sink.WriteAsync(4, 6, token)).ConfigureAwait(false);
        run.Disarm();
        run.Require(
            run.Steps < step || failure is not null,
            $"a write was ended at the step '{killed}', and returns as if it had been done");
        run.Require(
            run.Steps >= step || failure is null,
            $"a write fails where nothing is wrong: {failure?.Message}");
        return run.Steps >= step;
    }

    /// <summary>A next owner finds a write of 4 to 6 as a whole or not at all, and goes on.</summary>
    private static async Task GoOnAsync(ContractRun<TKey> run, CancellationToken token)
    {
        var next = run.NewSink();
        var held = await next.OpenAsync(Owner(2), token).ConfigureAwait(false);
        run.Require(
            held is >= 3 and <= 6,
            $"results up to 3 were there, and a write up to 6 was ended; OpenAsync says {held}");
        await run.RequireHeldAsync(next.Sink.Guarantee, held).ConfigureAwait(false);
        await next.WriteAsync(held + 1, 8, token).ConfigureAwait(false);
        await run.RequireHeldAsync(next.Sink.Guarantee, 8).ConfigureAwait(false);
        await run.AbandonAsync(next).ConfigureAwait(false);
    }

    private sealed class SinkKilledException : Exception
    {
        public SinkKilledException()
            : base("The contract ends the sink here.")
        {
        }
    }
}
