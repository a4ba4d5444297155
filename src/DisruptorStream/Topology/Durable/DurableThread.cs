namespace DisruptorStream.Topology.Durable;

/// <summary>A thread beside the engine that does a piece of work from time to time, or when it is asked to.</summary>
internal sealed class DurableThread : IDisposable
{
    private readonly Thread _thread;
    private readonly Func<bool> _work;
    private readonly Action<Exception> _onFailure;
    private readonly TimeSpan _interval;
    private readonly bool _isLow;
    private readonly AutoResetEvent _wake = new(false);
    private bool _isStopping;
    private bool _isStarted;

    /// <param name="name">Names the thread.</param>
    /// <param name="work">Does a piece; returns whether there is more to do at once.</param>
    /// <param name="interval">How long it waits where there is not.</param>
    /// <param name="onFailure">Told what the work threw; the thread goes on.</param>
    /// <param name="isLow">Whether the work can wait until the engine leaves time for it.</param>
    public DurableThread(
        string name, Func<bool> work, TimeSpan interval, Action<Exception> onFailure, bool isLow = false)
    {
        _isLow = isLow;
        _work = work;
        _interval = interval;
        _onFailure = onFailure;
        _thread = new Thread(Run) { IsBackground = true, Name = name };
    }

    // Pairs with the write in Dispose.
    private bool IsStopping => Volatile.Read(ref _isStopping);

    public void Start()
    {
        _isStarted = true;
        _thread.Start();
    }

    /// <summary>Has it work soon. Any thread.</summary>
    public void Wake() => _wake.Set();

    /// <summary>Ends the thread after what it is at.</summary>
    public void Dispose()
    {
        Volatile.Write(ref _isStopping, true);
        _wake.Set();
        if (_isStarted && _thread != Thread.CurrentThread)
            _thread.Join();
    }

    private void Run()
    {
        if (_isLow)
            LowPriority.Enter();
        while (!IsStopping)
        {
            var more = false;
            try
            {
                more = _work();
            }
            catch (Exception exception)
            {
                _onFailure(exception);
            }

            if (!more)
                _wake.WaitOne(_interval);
        }
    }
}
