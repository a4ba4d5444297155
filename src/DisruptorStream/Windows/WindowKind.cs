namespace DisruptorStream.Windows;

/// <summary>The shape of a processor's windows.</summary>
public enum WindowKind
{
    /// <summary>Fixed size, one after another.</summary>
    Tumbling = 0,

    /// <summary>Fixed size, a new one every slide; an event is in size / slide of them.</summary>
    Sliding,

    /// <summary>As long as events of the key keep coming within the gap.</summary>
    Session,

    /// <summary>Whatever the user's <see cref="IWindowAssigner"/> says.</summary>
    Custom,
}
