namespace DisruptorStream.Hosting;

/// <summary>A hosted processor whose pipeline is known.</summary>
public abstract class HostedProcessorStep
{
    private protected HostedProcessorStep()
    {
    }
}
