using DisruptorStream.Emission;

namespace DisruptorStream.Tests.Emission.Delivery;

/// <summary>Keeps what it is given, and throws as often as it is told to.</summary>
internal sealed class RecordingSink : IResultSink<string>
{
    public RecordingSink(List<string>? log = null) => Batches = log ?? [];

    public List<string> Batches { get; }

    public List<string> Keys { get; } = [];

    public List<string> Failures { get; } = [];

    public WindowResult<string> LastView { get; private set; }

    public int Calls { get; private set; }

    public int FailuresToCome { get; set; }

    public Action? OnCall { get; set; }

    public void OnResults(ResultBatch<string> batch)
    {
        Calls++;
        OnCall?.Invoke();
        if (FailuresToCome-- > 0)
            throw new InvalidOperationException($"call {Calls}");

        Batches.Add(string.Join(',', batch.Select(result => result.Sequence)));
        Keys.AddRange(batch.Select(result => result.Key));
        Failures.AddRange(batch.Where(result => result.IsFailed).Select(result => result.Failure!.Message));
        LastView = batch[^1];
    }
}
