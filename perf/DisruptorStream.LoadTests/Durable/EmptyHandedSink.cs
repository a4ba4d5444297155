using DisruptorStream.Emission;
using DisruptorStream.Emission.Durable;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Durable;

/// <summary>A digest that holds nothing when it is opened: a recovery makes all results for it again.</summary>
internal sealed class EmptyHandedSink : IDurableSink<int>
{
    private readonly DigestSink _digest;

    public EmptyHandedSink(Workload work) => _digest = new DigestSink(work);

    public (long Results, ulong Sum) Digest => (_digest.Digest.Results, _digest.Digest.Sum);

    public DurableGuarantee Guarantee => DurableGuarantee.ExactByKey;

    public ValueTask<long> OpenAsync(DurableSinkOwner owner, CancellationToken cancellationToken) => new(0L);

    public void OnResults(ResultBatch<int> batch) => _digest.OnResults(batch);
}
