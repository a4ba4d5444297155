using DisruptorStream.Emission.Delivery;

namespace DisruptorStream.Topology.Queries;

/// <summary>The outputs of several queries as one.</summary>
internal sealed class QueryOutputs : IOutputs
{
    private readonly IOutputs[] _outputs;

    private QueryOutputs(IOutputs[] outputs) => _outputs = outputs;

    public string? Holder
    {
        get
        {
            foreach (var output in _outputs)
            {
                if (output.Holder is { } holder)
                    return holder;
            }

            return null;
        }
    }

    public long Steps
    {
        get
        {
            var steps = 0L;
            foreach (var output in _outputs)
                steps += output.Steps;
            return steps;
        }
    }

    public bool IsPausing => Array.Exists(_outputs, output => output.IsPausing);

    /// <summary>The outputs as one; those of a single query as they are.</summary>
    public static IOutputs Of(IOutputs[] outputs) => outputs.Length == 1 ? outputs[0] : new QueryOutputs(outputs);

    public void EndAt(long shutdownSequence)
    {
        foreach (var output in _outputs)
            output.EndAt(shutdownSequence);
    }

    public void Close()
    {
        foreach (var output in _outputs)
            output.Close();
    }

    public void CloseForGood()
    {
        foreach (var output in _outputs)
            output.CloseForGood();
    }

    public Task FlushAsync() => Task.WhenAll(Array.ConvertAll(_outputs, output => output.FlushAsync()));

    public Task DrainAsync(long sequence) => ForEachAsync(output => output.DrainAsync(sequence));

    public Task CompleteAsync(Exception? failure, long sequence) =>
        ForEachAsync(output => output.CompleteAsync(failure, sequence));

    /// <summary>Calls all, also where one throws; then throws what the first threw.</summary>
    private Task ForEachAsync(Func<IOutputs, Task> call)
    {
        var calls = new Task[_outputs.Length];
        for (var index = 0; index < calls.Length; index++)
        {
            try
            {
                calls[index] = call(_outputs[index]);
            }
            catch (Exception exception)
            {
                calls[index] = Task.FromException(exception);
            }
        }

        return Task.WhenAll(calls);
    }
}
