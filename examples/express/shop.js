import express from 'express';
import { waitingRoom } from './waitingroom.js';

const app = express();
app.set('trust proxy', 'loopback, uniquelocal'); // the Ingress says whether a visitor came over https
app.get('/health', (req, res) => res.send('ok')); // before the waiting room, so free
app.use('/assets', express.static('assets'));

app.use(waitingRoom({
  gateway: process.env.GATEWAY ?? 'http://default-gateway',
  issuer: 'shop/default',
  room: 'concert',
}));

app.use((req, res) => res.type('text').send(`sold ${req.originalUrl}`));
app.listen(process.env.PORT ?? 8080, process.env.ADDRESS);
