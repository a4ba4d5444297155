using DisruptorStream.Emission;

namespace DisruptorStream.Conformance.Running;

/// <summary>Takes results and does nothing with them.</summary>
internal sealed class IgnoringSink : IResultSink<string>
{
    public void OnResults(ResultBatch<string> batch)
    {
    }
}
