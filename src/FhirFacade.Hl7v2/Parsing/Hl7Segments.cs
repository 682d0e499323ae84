using System.Collections;

namespace FhirFacade.Hl7v2.Parsing;

/// <summary>Segments of a message in order, all of them or those of one name. Enumerating it with foreach allocates nothing.</summary>
public readonly struct Hl7Segments : IEnumerable<Hl7Segment>
{
    private readonly Hl7Message _message;
    private readonly int _name;

    // 0 stands for any name.
    internal Hl7Segments(Hl7Message message, int name)
    {
        _message = message;
        _name = name;
    }

    /// <summary>Starts at the first.</summary>
    public Enumerator GetEnumerator() => new(_message, _name);

    IEnumerator<Hl7Segment> IEnumerable<Hl7Segment>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Walks the segments.</summary>
    public struct Enumerator : IEnumerator<Hl7Segment>
    {
        private readonly Hl7Message _message;
        private readonly int _name;
        private int _index = -1;

        internal Enumerator(Hl7Message message, int name)
        {
            _message = message;
            _name = name;
        }

        /// <inheritdoc/>
        public readonly Hl7Segment Current => new(_message, _index);

        readonly object IEnumerator.Current => Current;

        /// <inheritdoc/>
        public bool MoveNext()
        {
            while (++_index < _message.SegmentCount)
            {
                if (_name == 0 || _message.Span(_index).Name == _name)
                {
                    return true;
                }
            }

            return false;
        }

        /// <inheritdoc/>
        public void Reset() => _index = -1;

        /// <inheritdoc/>
        public readonly void Dispose()
        {
        }
    }
}
