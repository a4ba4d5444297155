using DisruptorStream.State.Memory;
using DisruptorStream.Windows;

namespace DisruptorStream.State.PerWindow;

/// <summary>The open windows, ascending by end, then start: the order in which they fire.</summary>
internal sealed class WindowList
{
    private readonly Func<KeyedTable> _newTable;
    private readonly Stack<OpenWindow> _free = new();
    private OpenWindow[] _windows = new OpenWindow[16];

    public WindowList(Func<KeyedTable> newTable) => _newTable = newTable;

    public int Count { get; private set; }

    public OpenWindow this[int index] => _windows[index];

    /// <summary>The index of the window, or the complement of where it would be.</summary>
    public int IndexOf(in TimeWindow span)
    {
        var low = 0;
        var high = Count - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = TimeWindow.Compare(_windows[middle].Span, span);
            if (order == 0)
                return middle;
            if (order < 0)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return ~low;
    }

    public OpenWindow Insert(int index, in TimeWindow span)
    {
        if (Count == _windows.Length)
            Array.Resize(ref _windows, Count * 2);
        Array.Copy(_windows, index, _windows, index + 1, Count - index);
        var window = _free.Count > 0 ? _free.Pop() : new OpenWindow(_newTable());
        window.Span = span;
        window.IsCompleted = false;
        _windows[index] = window;
        Count++;
        return window;
    }

    /// <summary>Takes a window out; its table has to be cleared before it is recycled.</summary>
    public OpenWindow RemoveAt(int index)
    {
        var window = _windows[index];
        Count--;
        Array.Copy(_windows, index + 1, _windows, index, Count - index);
        return window;
    }

    /// <summary>Keeps a window that was taken out, with an empty table, for one to come.</summary>
    public void Recycle(OpenWindow window) => _free.Push(window);
}
