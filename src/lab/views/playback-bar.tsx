/** Play, pause and t, for all panels at once. */
import { Pause, Play } from 'lucide-react';
import type { ReactNode } from 'react';
import { Slider, SliderThumb, SliderTrack } from 'react-aria-components';
import { IconButton } from '../../studio/views/controls/icon-button.tsx';
import { Equation } from './equation.tsx';
import { usePlayback, usePlaybackValue } from './lab-context.tsx';

export function PlaybackBar(): ReactNode {
  const playback = usePlayback();
  const time = usePlaybackValue((now) => now.time());
  const playing = usePlaybackValue((now) => now.isPlaying());
  return (
    <div className="playback">
      <IconButton
        icon={playing ? Pause : Play}
        label={playing ? 'Pause the particles' : 'Play the particles'}
        hint="Space"
        onPress={playing ? playback.pause : playback.play}
      />
      <Slider
        className="slider"
        aria-label="Time t"
        minValue={0}
        maxValue={1}
        step={0.01}
        value={time}
        onChange={playback.seek}
      >
        <SliderTrack className="slider-track">
          <span className="slider-fill" style={{ inlineSize: `${100 * time}%` }} />
          <SliderThumb className="slider-thumb" />
        </SliderTrack>
      </Slider>
      <span className="playback-time numbers">
        <Equation tex="t" /> = {time.toFixed(2)}
      </span>
    </div>
  );
}
