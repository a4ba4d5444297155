namespace DisruptorStream;

/// <summary>What becomes of what is still under way when a processor stops.</summary>
public enum StopMode
{
    /// <summary>Everything published is processed and what it fires is delivered; open windows stay unfired.</summary>
    Drain = 0,

    /// <summary>As <see cref="Drain"/>, and then the input ends: every open window fires.</summary>
    Complete,

    /// <summary>As soon as the current batch is done; the rest is discarded and nothing more is emitted.</summary>
    Abort,

    /// <summary>
    /// As <see cref="Drain"/>, and the state is kept, so that the next run goes on with the windows that are open. Only
    /// for processors whose state is durable; others refuse it with an <see cref="InvalidOperationException"/>.
    /// </summary>
    Suspend,
}
