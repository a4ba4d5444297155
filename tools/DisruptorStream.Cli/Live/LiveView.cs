namespace DisruptorStream.Cli.Live;

/// <summary>Shows a board, as often as it is told to.</summary>
internal abstract class LiveView
{
    public abstract void Show(LiveDemo demo, TimeSpan elapsed);
}
