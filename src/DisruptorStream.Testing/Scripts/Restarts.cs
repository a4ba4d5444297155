namespace DisruptorStream.Testing.Scripts;

/// <summary>
/// Saves a processor's state after some steps, ends the processor, and lets another one go on that loads the state.
/// </summary>
/// <typeparam name="TWay">What tells the processors apart that go on.</typeparam>
internal sealed class Restarts<TWay>
{
    private readonly IReadOnlyList<TWay> _ways;
    private readonly int _stepsPerRestart;
    private readonly Random _random;
    private int _restarts;

    /// <param name="ways">As what the processor goes on, in turn; none for no restart.</param>
    /// <param name="stepsPerRestart">Steps between two restarts, on average; 1 for one after each step.</param>
    /// <param name="random">Says after which steps.</param>
    public Restarts(IReadOnlyList<TWay> ways, int stepsPerRestart, Random random)
    {
        _ways = ways;
        _stepsPerRestart = stepsPerRestart;
        _random = random;
    }

    /// <summary>To be called after each step.</summary>
    /// <param name="processor">The processor; it has ended where there was a restart.</param>
    /// <param name="goOn">Builds the next processor from the saved state, and starts it.</param>
    /// <returns>Whether there was a restart.</returns>
    public async Task<bool> EndStepAsync<TKey>(StreamProcessor<TKey> processor, Action<TWay, Stream> goOn)
        where TKey : notnull
    {
        if (_ways.Count == 0 || _random.Next(_stepsPerRestart) != 0)
            return false;
        using var state = new MemoryStream();
        await processor.SaveStateAsync(state).ConfigureAwait(false);
        await processor.DisposeAsync().ConfigureAwait(false);
        state.Position = 0;
        goOn(_ways[_restarts++ % _ways.Count], state);
        return true;
    }
}
